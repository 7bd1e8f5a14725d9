import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chunksOf } from '../../server/codeIndex/chunks.ts';
import { declarationsIn } from '../../server/language/declarations.ts';
import { declarationsOf } from '../../server/language/parsedDeclarations.ts';
import { createSyntax } from '../../server/syntax/syntax.ts';
import { mutated, sayingsOf, sourceOf } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** What a hostile repository has for source files: grammars as WebAssembly, and what the look of lines says. */
const corpus = [
  ...['media/sample/src/orders.ts', 'server/notes/words.ts', 'scripts/lock.mjs'].map(sourceOf),
  ...sayingsOf('test/server/syntax/syntax.test.ts', 'test/server/language/declarations.test.ts').filter(
    (text) => text.length > 10,
  ),
];
const words = [
  ...[
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '"',
    "'",
    '`',
    '${',
    '/*',
    '*/',
    '//',
    '#',
    '\n',
    '\\',
    '=>',
    '::',
    '"""',
    "r#'",
  ],
  ...[
    'class ',
    'def ',
    'fn ',
    'func ',
    'export default ',
    'async ',
    'template<',
    'struct ',
    '@',
    'pub(',
    '\t',
    'a: ',
    ' = (',
    '%w(',
  ],
];

export default target({
  inputs: fc.record({
    text: mutated(corpus, words).map((text) => text.slice(0, 20_000)),
    path: fc.constantFrom(
      'a.ts',
      'a.tsx',
      'a.js',
      'a.py',
      'a.rs',
      'a.go',
      'a.java',
      'a.c',
      'a.cpp',
      'a.cs',
      'a.rb',
      'a.php',
      'a.sh',
      'a.css',
      'a.ini',
    ),
  }),
  batch: 100,
  open() {
    const syntax = createSyntax();
    return {
      async run({ text, path }) {
        const lines = text.split(/\r?\n/).length;
        for (const { first, last } of declarationsIn(text)) assert.ok(first >= 0 && first <= last && last < lines);
        const parsed = await syntax.parse(path, text);
        for (const { start, end, outerStart, outerEnd } of parsed?.definitions ?? [])
          assert.ok(
            outerStart >= 0 && outerStart <= start && start <= end && end <= outerEnd && outerEnd <= text.length,
          );
        chunksOf(text, parsed?.definitions ?? []);
        await declarationsOf(syntax, { path, text: text.slice(0, 2000) });
      },
    };
  },
});
