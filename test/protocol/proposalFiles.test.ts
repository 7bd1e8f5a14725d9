import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksAt, shownFiles } from '../../protocol/proposalFiles.ts';
import type { Hunk, ReviewedFile } from '../../protocol/proposals.ts';

const hunk = (id: string, before: [number, number], after: [number, number]): Hunk => ({
  ...{ id, before: { line: before[0], count: before[1] } },
  after: { line: after[0], count: after[1] },
});
const file = (path: string, before: string | null, after: string | null, more: Partial<ReviewedFile> = {}) =>
  ({
    path,
    before,
    after,
    written: 'none' as const,
    hunks: [hunk('h', [1, 1], [1, 1])],
    fit: 'exact' as const,
    ...more,
  }) satisfies ReviewedFile;

test('a moved file is one, under its new path, and fits as badly as either of its names', () => {
  const files = [
    file('a.ts', 'a', 'b', { fit: 'merge' }),
    file('new.ts', null, ''),
    file('old.ts', 'x', null, { fit: 'conflict' }),
    file('there.ts', null, 'x', { fit: 'merge' }),
    file('gone.ts', '', null, { hunks: [], written: 'all' }),
  ];
  assert.deepEqual(shownFiles({ files: [...files], moves: [{ from: 'old.ts', to: 'there.ts' }] }), [
    { path: 'a.ts', change: 'changed', from: 'a.ts', isLeft: true, fit: 'merge' },
    { path: 'new.ts', change: 'new', from: undefined, isLeft: true, fit: 'exact' },
    { path: 'there.ts', change: 'moved', from: 'old.ts', isLeft: true, fit: 'conflict' },
    { path: 'gone.ts', change: 'deleted', from: 'gone.ts', isLeft: false, fit: 'exact' },
  ]);
});

test('a line means the hunk that it is in, or beside which lines went', () => {
  const hunks = [hunk('put', [1, 0], [1, 2]), hunk('taken', [4, 3], [6, 0]), hunk('changed', [9, 1], [8, 2])];
  const at = (side: 'before' | 'after', first: number, last = first) =>
    hunksAt({ hunks }, side, first, last).map(({ id }) => id);
  assert.deepEqual([at('after', 1), at('after', 2), at('after', 3)], [['put'], ['put'], []]);
  assert.deepEqual([at('before', 1), at('before', 4), at('before', 7)], [['put'], ['taken'], []]);
  assert.deepEqual([at('after', 5), at('after', 6), at('after', 7)], [['taken'], ['taken'], []]);
  assert.deepEqual(at('after', 1, 9), ['put', 'taken', 'changed']);
  assert.deepEqual(
    hunksAt({ hunks: hunks.slice(2) }, 'after', 1, 1).map(({ id }) => id),
    ['changed'],
    'the only one is meant wherever the cursor is',
  );
});
