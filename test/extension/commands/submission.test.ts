import assert from 'node:assert/strict';
import { test } from 'node:test';
import { submissionOf } from '../../../extension/commands/submission.ts';

test('an object with an instruction is a task', () => {
  const context = { path: 'a.ts', text: 'x' };
  assert.deepEqual(
    submissionOf({ instruction: 'Do it', kind: 'ask', context, autoAccept: 'edits', model: 'm', more: 1 }),
    {
      instruction: 'Do it',
      kind: 'ask',
      context,
      autoAccept: 'edits',
      model: 'm',
    },
  );
});

test('a click gives no task', () => {
  for (const argument of [undefined, null, 'Do it', {}, { scheme: 'file' }])
    assert.equal(submissionOf(argument), undefined);
});

test('a task may be part of another, wait, and go first', () => {
  const graph = { parentId: 'a', dependsOn: [{ taskId: 'b' }], priority: 7, notBefore: 1 };
  assert.deepEqual(submissionOf({ instruction: 'Do it', ...graph }), { instruction: 'Do it', ...graph });
});
