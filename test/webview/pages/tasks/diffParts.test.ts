import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hunksOf } from '../../../../server/agents/proposals/hunks.ts';
import { type DiffPart, diffParts, lineCounts } from '../../../../webview/pages/tasks/diffParts.ts';

const parts = (before: string | null, after: string | null) =>
  diffParts({ before, after, hunks: hunksOf({ path: 'a.ts', before, after }) });
const numbered = (last: number, some: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: last }, (_, n) => `${some[n + 1] ?? n + 1}\n`).join('');
const shape = (list: readonly DiffPart[]) =>
  list.map(({ type, lines }) => `${type} ${lines.map(({ mark, text }) => mark + text).join('|')}`);

test('a change has three lines around it, and the rest is folded', () => {
  assert.deepEqual(shape(parts(numbered(12), numbered(12, { 6: 'six' }))), [
    'folded  1| 2',
    'same  3| 4| 5',
    'hunk -6|+six',
    'same  7| 8| 9',
    'folded  10| 11| 12',
  ]);
});

test('a single line is not worth a fold', () => {
  assert.deepEqual(shape(parts(numbered(5), numbered(5, { 5: 'five' }))), ['same  1| 2| 3| 4', 'hunk -5|+five']);
});

test('lines have the numbers of their side', () => {
  const [first, hunk, last] = parts('a\nb\nc\n', 'a\nx\ny\nc\n');
  assert.deepEqual(
    [first, hunk, last].flatMap((part) => part?.lines.map(({ before, after }) => [before, after])),
    [
      [1, 1],
      [2, undefined],
      [undefined, 2],
      [undefined, 3],
      [3, 4],
    ],
  );
});

test('new and deleted files are one hunk, and a file whose edits are decided has none', () => {
  assert.deepEqual(shape(parts(null, 'a\nb\n')), ['hunk +a|+b']);
  assert.deepEqual(shape(parts('a\nb\n', null)), ['hunk -a|-b']);
  assert.deepEqual(shape(parts('a\n', 'a\n')), []);
  assert.deepEqual(shape(parts(null, '')), ['hunk ']);
});

test('a last line without an end says so, on its side only', () => {
  const ends = parts('a\nb', 'a\nb\n').flatMap(({ lines }) => lines.map(({ mark, unended }) => [mark, unended]));
  assert.deepEqual(ends, [
    [' ', false],
    ['-', true],
    ['+', false],
  ]);
});

test('lines that come and go are counted', () => {
  const hunks = hunksOf({ path: 'a', before: 'a\nb\nc\n', after: 'x\nb\nc\nd\ne\n' });
  assert.deepEqual(lineCounts({ hunks }), { added: 3, removed: 1 });
});

test('both sides can be read off the parts, whatever the texts are', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '', '\r', 'x'), { maxLength: 30 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const list = parts(before, after);
      if (list.length === 0) return before === after;
      const side = (mark: '-' | '+', original: string) => {
        const lines = list.flatMap((part) => part.lines).filter((line) => line.mark === ' ' || line.mark === mark);
        const whole = original.endsWith('\n') || original === '' ? original : `${original}\n`;
        return lines.map((line) => `${line.text}\n`).join('') === whole.replaceAll('\r', '');
      };
      return side('-', before) && side('+', after);
    }),
    { seed: 6, numRuns: 500 },
  );
});
