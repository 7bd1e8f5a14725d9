import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTaskList, type ParentId, type TaskList } from '../../protocol/taskList.ts';
import type { Task } from '../../protocol/tasks.ts';
import { taskWith } from '../extension/task.ts';

const tasks = (numbers: readonly number[], some: Partial<Task> = {}) =>
  numbers.map((number) => taskWith({ number, ...some }));
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, at) => from - at);
const listed = (list: TaskList, parentId: ParentId = null) => list.level(parentId).map(({ number }) => number);

test('newest first, whatever order they come in', () => {
  const list = createTaskList();
  for (const task of tasks([2, 3, 1])) assert.equal(list.put(task), true);
  assert.deepEqual(
    list.tasks.map(({ number }) => number),
    [3, 2, 1],
  );
  assert.deepEqual(listed(list), [], 'nothing is listed before the first page');
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
  list.page(null, tasks([4, 3]), undefined, true);
  assert.equal(list.next(null), 3);
  list.page(null, tasks([2, 1]), 3, false);
  assert.deepEqual(listed(list), [4, 3, 2, 1]);
  assert.equal(list.next(null), undefined);
  list.page(null, tasks([4, 3]), undefined, false);
  assert.deepEqual(listed(list), [4, 3]);
  assert.equal(list.get('id-1'), undefined);
});

test('a task submitted while the first page was on its way stays', () => {
  const list = createTaskList();
  list.put(taskWith({ number: 5 }));
  list.page(null, tasks([4, 3]), undefined, false);
  assert.deepEqual(listed(list), [5, 4, 3]);
});

test('an old task that changes makes no gap in the pages', () => {
  const list = createTaskList();
  list.page(null, tasks([90, 80]), undefined, true);
  list.put(taskWith({ number: 5, status: 'running' }));
  assert.deepEqual(listed(list), [90, 80]);
  assert.equal(list.next(null), 80);
  assert.equal(list.get('id-5')?.status, 'running');
  list.page(null, tasks([70, 5]), 80, true);
  assert.deepEqual(listed(list), [90, 80, 70, 5]);
});

test('parts are listed below their task, page by page', () => {
  const list = createTaskList();
  const parts = { parentId: 'id-1' };
  list.page(null, tasks([1]), undefined, false);
  list.put(taskWith({ number: 9, ...parts }));
  assert.deepEqual([listed(list), listed(list, 'id-1')], [[1], []]);
  list.page('id-1', tasks([9, 8], parts), undefined, true);
  assert.equal(list.next('id-1'), 8);
  list.page('id-1', tasks([7], parts), 8, false);
  assert.deepEqual([listed(list), listed(list, 'id-1')], [[1], [9, 8, 7]]);
  list.page(null, tasks([1]), undefined, false);
  assert.deepEqual(listed(list, 'id-1'), [], 'they are asked for again');
});

test('a flood of new tasks pushes the oldest rows out of sight, and they can be had again', () => {
  const list = createTaskList();
  list.page(null, tasks(down(50, 1)), undefined, false);
  for (let number = 51; number <= 10_000; number += 1) list.put(taskWith({ number }));
  const rows = listed(list);
  assert.ok(rows.length >= 50 && rows.length <= 250, `${rows.length} rows`);
  assert.deepEqual(rows, down(10_000, 10_001 - rows.length), 'no gaps');
  assert.equal(list.next(null), rows.at(-1));
  assert.ok(list.tasks.length <= 250, `${list.tasks.length} known`);
});

test('of tasks that are not listed only the last ones are kept', () => {
  const list = createTaskList();
  list.page(null, tasks([5000]), undefined, true);
  for (let number = 1; number <= 4000; number += 1) list.put(taskWith({ number }));
  assert.ok(list.tasks.length <= 501, `${list.tasks.length} known`);
  assert.equal(list.get('id-4000')?.number, 4000);
  assert.deepEqual(listed(list), [5000]);
});
