import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../extension/extension.ts';
import type { Task } from '../../protocol/tasks.ts';
import { api, runTask, when, writeInFolder } from './product.ts';

const pidOf = async (product: Api): Promise<number> =>
  (await (await product.connect()).request('server/status', {})).pid;

describe('the server', function () {
  this.timeout(180_000);
  let product: Api;
  let task: Task;

  before(async () => {
    product = await api();
    await writeInFolder('src/kept.ts', 'export const KEPT = 1;\n');
    task = await runTask('Change KEPT to 2 in src/kept.ts');
  });

  /** The task is known to the server, and shown. */
  async function assertKept(): Promise<void> {
    const client = await product.connect();
    const { task: kept } = await client.request('task/show', { taskId: task.id });
    assert.deepEqual([kept.number, kept.status, kept.proposal], [task.number, task.status, task.proposal]);
    const rows = await product.tasksTree.getChildren();
    assert.ok(rows.some((row) => row.type === 'task' && row.taskId === task.id));
  }

  it('is another one after a restart, and keeps its tasks', async () => {
    const pid = await pidOf(product);
    await vscode.commands.executeCommand('ospain2.server.restart');
    assert.notEqual(await pidOf(product), pid);
    await assertKept();
  });

  it('is one when it was asked to restart while it started', async () => {
    await Promise.all([1, 2, 3].map(() => vscode.commands.executeCommand('ospain2.server.restart')));
    assert.equal(product.state.name, 'running');
    await assertKept();
  });

  it('starts again after it was killed, and keeps its tasks', async () => {
    const pid = await pidOf(product);
    const states: string[] = [];
    const listening = product.onDidChangeState(({ name }) => states.push(name));
    process.kill(pid, 'SIGKILL');
    await when(
      (listener) => product.onDidChangeState(listener),
      () => (states.at(-1) === 'running' ? true : undefined),
    );
    listening.dispose();
    assert.deepEqual(states, ['waiting', 'starting', 'running']);
    assert.notEqual(await pidOf(product), pid);
    await assertKept();
  });
});
