import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownFiles } from '../../extension/proposalFiles.ts';

test('a moved file is one, under its new path', () => {
  const files = [
    { path: 'a.ts', before: 'a', after: 'b' },
    { path: 'new.ts', before: null, after: '' },
    { path: 'old.ts', before: 'x', after: null },
    { path: 'there.ts', before: null, after: 'x' },
    { path: 'gone.ts', before: '', after: null },
  ];
  assert.deepEqual(shownFiles({ files, moves: [{ from: 'old.ts', to: 'there.ts' }] }), [
    { path: 'a.ts', change: 'changed', from: 'a.ts' },
    { path: 'new.ts', change: 'new', from: undefined },
    { path: 'there.ts', change: 'moved', from: 'old.ts' },
    { path: 'gone.ts', change: 'deleted', from: 'gone.ts' },
  ]);
});
