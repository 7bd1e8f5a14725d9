import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { api, ended, reached, useModel } from './product.ts';

describe('a task that takes long', function () {
  this.timeout(180_000);
  let folder = '';
  let task: Task;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-talker-'));
    await useModel(writeLongTalker(path.join(folder, 'talker.gguf')));
  });
  after(async () => {
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('is cancelled while it runs', async () => {
    const client = await (await api()).connect();
    const given = await vscode.commands.executeCommand<Task>('ospain2.task.new', { kind: 'ask', instruction: 'Talk' });
    await reached(client, given.id, ({ status }) => status === 'running');
    await vscode.commands.executeCommand('ospain2.task.cancel', given.id);
    task = await ended(client, given.id);
    assert.equal(task.status, 'cancelled');
    const { tasksTree } = await api();
    assert.equal(tasksTree.getTreeItem({ type: 'task', taskId: task.id }).contextValue, 'task.cancelled');
  });

  it('is begun again by a retry', async () => {
    const client = await (await api()).connect();
    await vscode.commands.executeCommand('ospain2.task.retry', task.id);
    await reached(client, task.id, ({ status, lastSeq }) => status === 'running' && lastSeq > task.lastSeq);
    await vscode.commands.executeCommand('ospain2.task.cancel', { taskId: task.id });
    assert.equal((await ended(client, task.id)).status, 'cancelled');
  });
});
