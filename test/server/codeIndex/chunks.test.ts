import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunksOf, linesOf } from '../../../server/codeIndex/chunks.ts';
import type { Definition } from '../../../server/syntax/syntax.ts';

const define = (text: string, name: string, body: string, within: string[] = []): Definition => {
  const start = text.indexOf(body);
  const end = start + body.length;
  return { name, kind: 'function', within, line: 1, start, end, outerStart: start, outerEnd: end };
};

test('definitions are chunks, and what lies between them', () => {
  const one = 'function one() {\n  return 1;\n}';
  const text = `import 'x';\n\n${one}\n\nlet a = 1;\nlet b = 2;\n`;
  assert.deepEqual(chunksOf(text, [define(text, 'one', one)]), [
    { from: 1, to: 2, name: null },
    { from: 3, to: 5, name: 'one' },
    { from: 6, to: 8, name: null },
  ]);
});

test('every line that says something is in one chunk, and long ones are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '', 'x = 1', '  }'), { maxLength: 300 }), (lines) => {
      const text = lines.join('\n');
      const covered = new Map<number, number>();
      for (const { from, to } of chunksOf(text, [])) {
        assert.ok(from <= to && to - from < 80);
        for (let line = from; line <= to; line++) covered.set(line, (covered.get(line) ?? 0) + 1);
      }
      for (const [index, line] of lines.entries())
        if (/\w/.test(line)) assert.equal(covered.get(index + 1), 1, `line ${index + 1}`);
    }),
    { seed: 3, numRuns: 200 },
  );
});

test('the text of a chunk is its lines', () => {
  assert.equal(linesOf('a\nb\nc\n', { from: 2, to: 3 }), 'b\nc');
});
