import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { Task } from '../../protocol/tasks.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { activeTab, api, closeEditors, ended, reached, useModel, when } from './product.ts';

const ANSWERS = [
  '{"tool":"ask_person","question":"Which port is it to be?"}',
  '{"tool":"finish","outcome":"done"}\nThe port is known now.',
];

describe('what a task asks', function () {
  this.timeout(60_000);
  let folder = '';
  let client: Client;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-model-'));
    const model = path.join(folder, 'asks.gguf');
    writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 4096 });
    await useModel(model);
    client = await (await api()).connect();
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  const parked = async (): Promise<Task> => {
    const given = await vscode.commands.executeCommand<Task>('ospain2.task.new', {
      instruction: 'Write the port down',
    });
    return reached(client, given.id, ({ status }) => status === 'paused');
  };
  const resultsOf = async ({ id }: Task) => {
    const { events } = await client.request('task/events', { taskId: id });
    return events.flatMap(({ type, data }) => (type === 'result' ? [data.text] : []));
  };

  it('is said by the row of the task, in words too', async () => {
    const task = await parked();
    const { tasksTree } = await api();
    const row = { type: 'task', taskId: task.id } as const;
    const item = await when(tasksTree.onDidChangeTreeData, () => {
      const shown = tasksTree.getTreeItem(row);
      return shown.contextValue === 'task.paused.approval' ? shown : undefined;
    });
    assert.equal(item.description, 'waits for your answer: ask: Which port is it to be?');
    assert.match(String(item.accessibilityInformation?.label), /paused, waits for your answer/);
    assert.match(String(tasksTree.view.badge?.tooltip), /1 task to answer/);
    await vscode.commands.executeCommand('ospain2.task.cancel', task.id);
    await ended(client, task.id);
  });

  it('is shown whole, and answered from there', async () => {
    const task = await parked();
    await vscode.commands.executeCommand('ospain2.approval.show', { taskId: task.id });
    const document = vscode.window.activeTextEditor?.document;
    assert.match(document?.getText() ?? '', /asks:\n\n {4}Which port is it to be\?/);
    await vscode.commands.executeCommand('ospain2.approval.allow', document?.uri, 'Port 8080');
    assert.equal((await ended(client, task.id)).result, 'The port is known now.');
    assert.deepEqual(await resultsOf(task), ['Port 8080']);
    await when(vscode.workspace.onDidChangeTextDocument, () =>
      document?.getText().includes('It was answered.') ? true : undefined,
    );
    assert.equal(activeTab()?.label, `Task ${task.number} asks.txt`);
  });

  it('is denied by the row, and the task goes on without', async () => {
    const task = await parked();
    await vscode.commands.executeCommand('ospain2.approval.deny', { type: 'task', taskId: task.id });
    assert.equal((await ended(client, task.id)).status, 'done');
    assert.deepEqual(await resultsOf(task), ['the person did not answer']);
  });

  it('the person’s rules are a file to edit', async () => {
    await vscode.commands.executeCommand('ospain2.approval.editRules');
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /"rules": \[\]/);
    assert.deepEqual((await client.request('approval/rules', {})).problems, []);
  });
});
