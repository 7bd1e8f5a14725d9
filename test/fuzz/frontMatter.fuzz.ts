import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFrontMatter, withTags } from '../../server/notes/frontMatter.ts';
import { mutated, sayingsOf } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** The YAML of notes: bombs of it, and tags that are put in and taken out with all else left alone. */
const bomb = (depth: number) =>
  Array.from(
    { length: depth },
    (_, at) =>
      `a${at}: &a${at} [${Array(9)
        .fill(at === 0 ? 'x' : `*a${at - 1}`)
        .join(',')}]`,
  ).join('\n');
const corpus = [
  ...sayingsOf('test/server/notes/frontMatter.test.ts').filter((text) => text.startsWith('---')),
  '---\ntitle: A\ntags: [one, two]\naliases:\n  - b\n---\ntext\n',
  `---\n${bomb(4)}\n---\n`,
  `---\n${bomb(9)}\n---\n`,
  '---\n? {a: b}\n: - c\n---\n',
  '---\ntags: !!binary aGVsbG8=\ndate: 2026-11-23\n---\n',
];
const words = [
  ...[
    '---\n',
    '...\n',
    '&a ',
    '*a',
    '<<: *a\n',
    '[',
    ']',
    '{',
    '}',
    ': ',
    '- ',
    '|\n',
    '>\n',
    '!!map ',
    '!!js/function ',
    '"',
    "'",
  ],
  ...[
    '? ',
    '# c\n',
    '\t',
    '%YAML 1.1\n',
    '%TAG ! a\n',
    '\u0085',
    '__proto__: 1\n',
    'tags: x\n',
    'tags:\n',
    '!!set ',
    '0x',
    '.inf',
    '~',
  ],
];

export default pure(
  fc.record({ text: mutated(corpus, words), tag: fc.constantFrom('new', 'one', 'ÄÖ', 'a/b') }),
  ({ text, tag }) => {
    const { end, tags } = readFrontMatter(text);
    assert.ok(end >= 0 && end <= text.length);
    const tagged = withTags(text, { add: [tag], remove: [] });
    assert.ok(tagged.endsWith(text.slice(end)), 'the text behind it is another');
    // A block that nobody can read is left as it is.
    if (tagged !== text) assert.ok(readFrontMatter(tagged).tags.includes(tag));
    withTags(text, { add: [], remove: tags });
  },
  300,
);
