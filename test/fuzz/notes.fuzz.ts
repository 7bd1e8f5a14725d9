import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OspainError } from '../../protocol/index.ts';
import { markBox, tickBox } from '../../server/notes/boxes.ts';
import { readNote } from '../../server/notes/reader.ts';
import { snippetOf } from '../../server/notes/snippet.ts';
import { matchOf } from '../../server/notes/words.ts';
import { mutated, sayingsOf, sourceOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** The reader of notes: places that it tells are within the text, and ticking a box changes one letter. */
export const markdown = ['docs/mcp.md', 'docs/agents.md', 'media/sample/README.md'].map((path) =>
  sourceOf(path).slice(0, 6000),
);
const sayings = sayingsOf('test/server/notes/reader.test.ts', 'test/server/notes/notes.test.ts');
const words = [
  ...[
    '- [ ] ',
    '- [x] ',
    '[[',
    ']]',
    '](',
    '![',
    '`',
    '```\n',
    '~~~\n',
    '#tag',
    '^id',
    '---\n',
    '> ',
    '<!--',
    '-->',
    '<pre>',
    '\n\n',
  ],
  ...[
    '\\',
    '*',
    '_',
    '|',
    '\t',
    '\r\n',
    '1. ',
    '    ',
    '$$',
    '%%',
    '<a href="',
    'http://',
    '&#x0;',
    '[^1]: ',
    '[a]: b\n',
    '#',
  ],
];

export default pure(
  fc.record({
    text: mutated([...sayings, ...markdown], words),
    word: fc.constantFrom(...words, ...sayings.slice(0, 50)),
  }),
  ({ text, word }) => {
    const { links, boxes } = readNote(text);
    for (const { from, line } of links) assert.ok(from >= 0 && from < text.length && line >= 1);
    for (const { mark, lineEnd, line, done } of boxes) {
      assert.ok(mark < lineEnd && lineEnd <= text.length && /[ xX]/.test(text[mark] ?? ''));
      if (line > 50) continue;
      const ticked = tickBox(text, line, !done);
      assert.equal(ticked.text.length, text.length);
      assert.equal(
        ticked.text.slice(0, mark) + ticked.text.slice(mark + 1),
        text.slice(0, mark) + text.slice(mark + 1),
      );
      break;
    }
    const [box] = boxes;
    if (box !== undefined) {
      const { text: marked, box: named } = markBox(text, box.line);
      assert.equal(tickBox(marked, named.id ?? '', true).box.done, true);
    } else assert.throws(() => markBox(text, 1), OspainError);
    snippetOf(text, [word]);
    matchOf(text.slice(0, 2000));
  },
  500,
);
