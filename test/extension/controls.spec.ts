import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TaskRow } from '../../extension/views/taskRows.ts';
import type { Schedule } from '../../protocol/schedules.ts';
import type { Task, TaskStatus } from '../../protocol/tasks.ts';
import { api, closeEditors, ended, when, writeInFolder } from './product.ts';

const INSTRUCTION = 'Change RETRY_MAX to 5 in src/limits.ts';

const run = <T>(command: string, ...args: unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(command, ...args);

async function give(some: object = {}): Promise<Task> {
  const task = await run<Task | undefined>('ospain2.task.new', { instruction: INSTRUCTION, ...some });
  assert.ok(task, 'the command gave no task');
  return task;
}

/** The row of the task once it tells this state. */
async function rowIn(taskId: string, status: TaskStatus): Promise<vscode.TreeItem> {
  const { tasksTree } = await api();
  return when(
    (listener) => tasksTree.onDidChangeTreeData(listener),
    () => {
      const item = tasksTree.getTreeItem({ type: 'task', taskId });
      return item.contextValue?.startsWith(`task.${status}`) ? item : undefined;
    },
  );
}

describe('tasks under control', function () {
  this.timeout(180_000);
  let parent: Task;
  let part: Task;

  before(async () => {
    await writeInFolder('src/limits.ts', 'export const RETRY_MAX = 3;\n');
    await run('ospain2.queue.pause');
    parent = await give();
    part = await give({ parentId: parent.id, dependsOn: [{ taskId: parent.id, onFailure: 'hold' }] });
  });
  after(async () => {
    await run('ospain2.queue.resume');
    await closeEditors();
  });

  it('wait while the queue is paused, and say so', async () => {
    const item = await rowIn(parent.id, 'pending');
    assert.match(String(item.description), /^the queue is paused/);
    assert.match(item.accessibilityInformation?.label ?? '', /pending, the queue is paused/);
  });

  it('are rows below the task that they are parts of, with what they wait for', async () => {
    const { tasksTree } = await api();
    const roots = await tasksTree.getChildren();
    const isRow =
      ({ id }: Task) =>
      (row: TaskRow) =>
        row.type === 'task' && row.taskId === id;
    assert.ok(!roots.some(isRow(part)), 'a part is no root');
    const below = await tasksTree.getChildren(roots.find(isRow(parent)));
    const row = below.find(isRow(part));
    assert.ok(row);
    assert.deepEqual(tasksTree.getParent(row), { type: 'task', taskId: parent.id });
    assert.equal(tasksTree.getTreeItem(row).description, `waits for #${parent.number}`);
    const [awaited] = (await tasksTree.getChildren(row)).filter(({ type }) => type === 'dependency');
    assert.ok(awaited);
    assert.match(String(tasksTree.getTreeItem(awaited).label), new RegExp(`^after #${parent.number} `));
  });

  it('are paused and resumed, several at once', async () => {
    const rows = [parent, part].map(({ id }) => ({ type: 'task', taskId: id }));
    const paused = await run<Task[]>('ospain2.task.pause', rows[0], rows);
    assert.deepEqual(
      paused.map(({ status }) => status),
      ['paused', 'paused'],
    );
    assert.equal((await rowIn(part.id, 'paused')).description, 'paused by a person');
    const resumed = await run<Task[]>('ospain2.task.resume', rows[0], rows);
    assert.deepEqual(
      resumed.map(({ status }) => status),
      ['pending', 'blocked'],
    );
  });

  it('are put forward and duplicated', async () => {
    assert.equal((await run<Task>('ospain2.task.prioritize', parent.id, undefined, 100)).priority, 100);
    const copy = await run<Task>('ospain2.task.duplicate', parent.id);
    assert.deepEqual([copy.instruction, copy.status], [INSTRUCTION, 'pending']);
    assert.equal((await run<Task>('ospain2.task.cancel', copy.id)).status, 'cancelled');
  });

  it('go on when the queue does: the part when the edits of its task are accepted', async () => {
    const client = await (await api()).connect();
    await run('ospain2.queue.resume');
    assert.equal((await ended(client, parent.id)).proposal, 'open');
    const waiting = await client.request('task/show', { taskId: part.id });
    assert.equal(waiting.task.waits, `waits for your review of #${parent.number}`);
    await run('ospain2.proposal.accept', parent.id);
    assert.equal((await ended(client, part.id)).status, 'done');
    const { task } = await client.request('task/show', { taskId: parent.id });
    assert.deepEqual([task.status, task.children], ['done', { total: 1, ended: 1 }]);
  });

  it('are given by a schedule, which is run, and switched off and on', async () => {
    const input = { when: { cron: '0 2 * * *' }, template: { instruction: INSTRUCTION } };
    const schedule = await run<Schedule>('ospain2.schedule.new', input);
    assert.ok(schedule.nextAt !== null && schedule.nextAt > Date.now());
    assert.equal((await run<Task>('ospain2.schedule.run', schedule.id)).instruction, INSTRUCTION);
    assert.equal((await run<Schedule>('ospain2.schedule.disable', schedule.id)).enabled, false);
    assert.equal((await run<Schedule>('ospain2.schedule.enable', { scheduleId: schedule.id })).enabled, true);
    await (await (await api()).connect()).request('schedule/remove', { scheduleId: schedule.id });
  });
});
