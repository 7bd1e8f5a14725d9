import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_READ, plainLines } from '../../../server/suggestions/plainLines.ts';

const aloud = (text: string) => plainLines(text).map((line) => (line.done ? `${line.text} ✓` : line.text));

test('a note is read aloud without the marks of Markdown', () => {
  const note = [
    ...['---', 'title: No', 'tags: [bug]', '---', '# The *plan* of `today` #', ''],
    ...['Read [[daily/other#part|the other]] and [[plain note]], or [this](there.md).', ''],
    ...[
      '> quoted **words** of snake_case_names',
      '',
      '- [ ] fix the crash ^box-1',
      '- [x] done _already_',
      '  1. inner #tag',
    ],
    ...['', '```', 'not this', '```', '<div>nor this</div>', '', 'Setext', '------', 'a < b & 2 * 3 * 4'],
  ].join('\n');
  assert.deepEqual(aloud(note), [
    'The plan of today',
    'Read the other and plain note, or this.',
    'quoted words of snake_case_names',
    'fix the crash',
    'done already ✓',
    'inner tag',
    'Setext',
    'a < b & 2 * 3 * 4',
  ]);
});

test('what stands further down than anybody looks is not read', () => {
  const long = `${'word '.repeat(MOST_READ / 5)}\n\nthe end`;
  assert.equal(aloud(long).includes('the end'), false);
  assert.deepEqual(aloud('\r\n# One\r\ntwo\r\nthree\r\n'), ['One', 'two', 'three']);
});
