import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../protocol/tasks.ts';
import { detailsOf, stateOf } from '../../protocol/taskWords.ts';
import { taskWith } from '../extension/task.ts';

const states: readonly [Partial<Task>, string][] = [
  [{ status: 'pending' }, 'waiting'],
  [{ status: 'blocked', waits: 'waits for #3\nand more' }, 'waits for #3'],
  [{ status: 'failed' }, 'failed'],
  [{ status: 'failed', dead: true }, 'dead letter'],
  [{ status: 'done', proposal: 'open' }, 'to review'],
  [{ status: 'done', proposal: 'undone' }, 'undone'],
  [{ status: 'done', kind: 'plan' }, 'to start'],
  [{ status: 'done', kind: 'plan', children: { total: 2, ended: 0 } }, 'done'],
];

for (const [some, words] of states)
  test(`${JSON.stringify(some)} is ${words}`, () => assert.equal(stateOf(taskWith(some)), words));

test('details are only what says something', () => {
  assert.deepEqual(detailsOf(taskWith({})), []);
  assert.deepEqual(
    detailsOf(taskWith({ status: 'running', attempts: 2, children: { total: 1, ended: 0 }, progress: 'reads' })),
    ['attempt 2 of 3', '0 of 1 part ended', 'reads'],
  );
});
