import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import { activeTab, api, closeEditors, runTask, when, writeInFolder } from './product.ts';

const LIMITS = 'export const RETRY_MAX = 3;\nexport const CACHE_TTL = 600;\n';
const CHANGED = LIMITS.replace('3', '5');
const INSTRUCTION = 'Change RETRY_MAX to 5 in src/limits.ts';

describe('a task', function () {
  this.timeout(180_000);
  let file = '';
  let task: Task;

  before(async () => {
    file = await writeInFolder('src/limits.ts', LIMITS);
    task = await runTask(INSTRUCTION);
  });
  after(closeEditors);

  it('given by the command is done, and waits for a review', async () => {
    assert.deepEqual([task.status, task.proposal, task.error], ['done', 'open', null]);
    assert.equal(await readFile(file, 'utf8'), LIMITS);
  });

  it('is a row of the tree, with its file and its steps below', async () => {
    const { tasksTree } = await api();
    const row = await when(
      (listener) => tasksTree.onDidChangeTreeData(listener),
      () =>
        tasksTree.getTreeItem({ type: 'task', taskId: task.id }).contextValue?.endsWith('open') ? true : undefined,
    ).then(async () => (await tasksTree.getChildren()).find((one) => one.type === 'task' && one.taskId === task.id));
    assert.ok(row);
    const item = tasksTree.getTreeItem(row);
    assert.equal(item.label, `#${task.number} ${INSTRUCTION}`);
    assert.match(String(item.description), /^to review/);
    assert.match(item.accessibilityInformation?.label ?? '', /to review/);
    assert.equal(item.contextValue, 'task.done.proposal.open');
    const below = await tasksTree.getChildren(row);
    assert.deepEqual(
      below.filter(({ type }) => type === 'file'),
      [
        {
          type: 'file',
          taskId: task.id,
          path: 'src/limits.ts',
          change: 'changed',
          from: 'src/limits.ts',
          isLeft: true,
          fit: 'exact',
        },
      ],
    );
    assert.ok(below.filter(({ type }) => type === 'step').length >= 2, 'a read and an edit at least');
  });

  it('is reviewed in the diff editor', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.review', task.id);
    const tab = await when(vscode.window.tabGroups.onDidChangeTabs, () =>
      activeTab()?.input instanceof vscode.TabInputTextDiff ? activeTab() : undefined,
    );
    assert.equal(tab.label, `Task ${task.number}: src/limits.ts (proposed)`);
    assert.ok(tab.input instanceof vscode.TabInputTextDiff);
    const text = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();
    assert.equal(await text(tab.input.original), LIMITS);
    assert.equal(await text(tab.input.modified), CHANGED);
  });

  it('is accepted from that editor: the file changes and the editor closes', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.accept');
    assert.equal(await readFile(file, 'utf8'), CHANGED);
    assert.ok(!(activeTab()?.input instanceof vscode.TabInputTextDiff));
  });

  it('is undone: the file is as before', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.undo', { taskId: task.id });
    assert.equal(await readFile(file, 'utf8'), LIMITS);
  });

  it('that is not in the list of what the model was taught fails with a hint', async () => {
    const failed = await runTask('Write a poem about the sea');
    assert.deepEqual([failed.status, failed.error?.code], ['failed', 'not_taught']);
    assert.ok(failed.error?.hint);
  });

  it('without an instruction is refused, and nothing comes of it', async () => {
    const given = await vscode.commands.executeCommand('ospain2.task.new', { instruction: ' ' });
    assert.equal(given, undefined);
  });
});
