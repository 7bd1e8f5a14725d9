import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { activeTab, api, closeEditors, runTask, useModel, when, writeInFolder } from './product.ts';

/** A model that changes one file and makes another, whatever it is asked. */
const ANSWERS = [
  '{"tool":"read_file","path":"src/one.ts","from":1,"to":300}',
  '{"tool":"edit_file","path":"src/one.ts"}\n<<<<<<< SEARCH\nexport const ONE = 0;\n=======\nexport const ONE = 1;\n>>>>>>> REPLACE',
  '{"tool":"edit_file","path":"src/two.ts"}\n<<<<<<< SEARCH\n=======\nexport const TWO = 2;\n>>>>>>> REPLACE',
  '{"tool":"finish","outcome":"done"}\nThe numbers are right now.',
];

describe('a proposal', function () {
  this.timeout(180_000);
  let folder = '';
  let one = '';
  let two = '';
  let task: Task;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-model-'));
    const model = path.join(folder, 'scripted.gguf');
    writeScriptedModel(model, [{ answers: ANSWERS }]);
    one = await writeInFolder('src/one.ts', 'export const ONE = 0;\n');
    two = path.join(path.dirname(one), 'two.ts');
    await useModel(model);
    task = await runTask('Make the numbers right');
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('comes from the model of the settings', () => {
    assert.deepEqual([task.status, task.proposal, task.error], ['done', 'open', null]);
    assert.equal(task.result, 'The numbers are right now.');
  });

  it('of several files is reviewed in one editor', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.review', task.id);
    const label = `Task ${task.number}: proposed (2 files)`;
    await when(vscode.window.tabGroups.onDidChangeTabs, () => (activeTab()?.label === label ? true : undefined));
  });

  it('is accepted from that editor, all files at once, and the editor closes', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.accept');
    assert.equal(await readFile(one, 'utf8'), 'export const ONE = 1;\n');
    assert.equal(await readFile(two, 'utf8'), 'export const TWO = 2;\n');
    assert.equal(activeTab(), undefined);
  });

  it('one of its files can be looked at alone', async () => {
    const row = { type: 'file', taskId: task.id, path: 'src/two.ts' };
    await vscode.commands.executeCommand('ospain2.proposal.review', row);
    const label = `Task ${task.number}: src/two.ts (accepted)`;
    await when(vscode.window.tabGroups.onDidChangeTabs, () => (activeTab()?.label === label ? true : undefined));
  });

  it('is undone, and the new file is gone', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.undo', task.id);
    assert.equal(await readFile(one, 'utf8'), 'export const ONE = 0;\n');
    assert.equal(existsSync(two), false);
  });

  it('is of the files as they were on the screen: they are saved first', async () => {
    const document = await vscode.workspace.openTextDocument(one);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'export const MORE = 2;\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    task = await runTask('Make the numbers right');
    assert.equal(document.isDirty, false);
    const { proposal } = await (await (await api()).connect()).request('proposal/show', { taskId: task.id });
    const before = proposal.files.find((file) => file.path === 'src/one.ts')?.before;
    assert.equal(before, 'export const ONE = 0;\nexport const MORE = 2;\n');
  });

  it('is not accepted when a file has changed since, and nothing is written', async () => {
    await writeFile(one, 'export const ONE = 7;\n');
    assert.equal(await vscode.commands.executeCommand('ospain2.proposal.accept', task.id), undefined);
    assert.equal(await readFile(one, 'utf8'), 'export const ONE = 7;\n');
    assert.equal(existsSync(two), false);
  });

  it('is rejected', async () => {
    await vscode.commands.executeCommand('ospain2.proposal.reject', task.id);
    const { task: now } = await (await (await api()).connect()).request('task/show', { taskId: task.id });
    assert.equal(now.proposal, 'rejected');
  });
});
