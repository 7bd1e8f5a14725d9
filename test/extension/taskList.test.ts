import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTaskList } from '../../extension/taskList.ts';
import { taskWith } from './task.ts';

const numbers = (list: ReturnType<typeof createTaskList>) => list.tasks.map(({ number }) => number);

test('newest first, whatever order they come in', () => {
  const list = createTaskList();
  for (const number of [2, 3, 1]) assert.equal(list.put(taskWith({ number })), true);
  assert.deepEqual(numbers(list), [3, 2, 1]);
});

test('a snapshot that was overtaken is not taken', () => {
  const list = createTaskList();
  list.put(taskWith({ lastSeq: 5, updatedAt: 50, status: 'done' }));
  assert.equal(list.put(taskWith({ lastSeq: 4, updatedAt: 60, status: 'running' })), false);
  assert.equal(list.put(taskWith({ lastSeq: 5, updatedAt: 49, status: 'running' })), false);
  assert.equal(list.get('id-1')?.status, 'done');
  assert.equal(list.put(taskWith({ lastSeq: 5, updatedAt: 50, status: 'done', proposal: 'accepted' })), true);
});

test('pages add up; a first page forgets what the server no longer tells', () => {
  const list = createTaskList();
  list.page(
    [4, 3].map((number) => taskWith({ number })),
    undefined,
  );
  list.page(
    [2, 1].map((number) => taskWith({ number })),
    3,
  );
  assert.deepEqual(numbers(list), [4, 3, 2, 1]);
  list.page(
    [4, 3].map((number) => taskWith({ number })),
    undefined,
  );
  assert.deepEqual(numbers(list), [4, 3]);
});

test('a task submitted while the first page was on its way stays', () => {
  const list = createTaskList();
  list.put(taskWith({ number: 5 }));
  list.page(
    [4, 3].map((number) => taskWith({ number })),
    undefined,
  );
  assert.deepEqual(numbers(list), [5, 4, 3]);
});
