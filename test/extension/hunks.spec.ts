import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Proposal } from '../../protocol/proposals.ts';
import type { Task } from '../../protocol/tasks.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { activeTab, api, closeEditors, runTask, useModel, when, writeInFolder } from './product.ts';

const LINES = Array.from({ length: 20 }, (_, n) => `line ${n + 1}\n`).join('');
const changed = (text: string, ...lines: number[]): string =>
  lines.reduce((all, line) => all.replace(`line ${line}\n`, `LINE ${line}\n`), text);
const block = (line: number) => `\n<<<<<<< SEARCH\nline ${line}\n=======\nLINE ${line}\n>>>>>>> REPLACE`;
/** A model that changes three lines of one file and makes another, whatever it is asked. */
const ANSWERS = [
  `{"tool":"edit_file","path":"src/lines.txt"}${block(3)}${block(10)}${block(17)}`,
  '{"tool":"edit_file","path":"src/other.txt"}\n<<<<<<< SEARCH\n=======\nnew\n>>>>>>> REPLACE',
  '{"tool":"finish","outcome":"done"}\nDone.',
];

describe('the hunks of a proposal', function () {
  this.timeout(180_000);
  let folder = '';
  let file = '';
  let other = '';
  let task: Task;
  const row = (name: string) => ({ type: 'file', taskId: task.id, path: name });
  /** A task that proposes the same again, for the file as it was; only its first file is left to decide. */
  const propose = async (): Promise<void> => {
    await writeFile(file, LINES);
    await rm(other, { force: true });
    task = await runTask('Make the lines large');
    assert.deepEqual([task.status, task.proposal, task.error], ['done', 'open', null]);
    await run('ospain2.proposal.rejectFile', row('src/other.txt'));
    assert.equal(existsSync(other), false);
  };
  const disk = () => readFile(file, 'utf8');
  const proposal = async (): Promise<Proposal> =>
    (await (await (await api()).connect()).request('proposal/show', { taskId: task.id })).proposal;
  const run = (command: string, ...args: unknown[]) => vscode.commands.executeCommand(command, ...args);
  /** The editor of the proposal's side, with the cursor in a line, from 1. */
  const cursor = async (line: number): Promise<void> => {
    await run('ospain2.proposal.review', row('src/lines.txt'));
    const editor = await when(vscode.window.onDidChangeActiveTextEditor, () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.query.includes('side=after') ? active : undefined;
    });
    editor.selection = new vscode.Selection(line - 1, 0, line - 1, 0);
  };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-model-'));
    const model = path.join(folder, 'scripted.gguf');
    writeScriptedModel(model, [{ answers: ANSWERS }], { contextLength: 16_384 });
    file = await writeInFolder('src/lines.txt', LINES);
    other = path.join(path.dirname(file), 'other.txt');
    await useModel(model);
    await propose();
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('is accepted where the cursor is, and the others keep waiting', async () => {
    await cursor(10);
    await run('ospain2.hunk.accept');
    assert.equal(await disk(), changed(LINES, 10));
    const { status, files } = await proposal();
    assert.deepEqual([status, files[0]?.written, files[0]?.hunks.length], ['open', 'some', 2]);
    assert.match(activeTab()?.label ?? '', /src\/lines\.txt \(proposed\)$/);
  });

  it('is accepted and rejected by its lens', async () => {
    const uri = vscode.window.activeTextEditor?.document.uri;
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
    const titles = lenses.map(({ command, range }) => [range.start.line + 1, command?.title]);
    assert.deepEqual(titles, [
      [3, 'Accept hunk 1 of 2'],
      [3, 'Reject'],
      [17, 'Accept hunk 2 of 2'],
      [17, 'Reject'],
    ]);
    const reject = lenses[1]?.command;
    await run(reject?.command ?? '', ...(reject?.arguments ?? []));
    assert.equal(await disk(), changed(LINES, 10));
    assert.equal((await proposal()).files[0]?.after, changed(LINES, 10, 17));
  });

  it('a merge keeps what was changed meanwhile, and is looked at first', async () => {
    await writeFile(file, `mine\n${await disk()}`);
    assert.equal(await run('ospain2.proposal.accept', task.id), undefined);
    assert.equal(await disk(), `mine\n${changed(LINES, 10)}`, 'nothing is written over it');
    await closeEditors();
    await run('ospain2.proposal.merge', task.id);
    const label = `Task ${task.number}: src/lines.txt (proposed)`;
    await when(vscode.window.tabGroups.onDidChangeTabs, () => (activeTab()?.label === label ? true : undefined));
    await run('ospain2.proposal.accept');
    assert.equal(await disk(), `mine\n${changed(LINES, 10, 17)}`);
    assert.equal((await proposal()).status, 'accepted');
  });

  it('undo keeps it too, and what is undone is accepted again', async () => {
    await run('ospain2.proposal.undo', task.id);
    assert.equal(await disk(), `mine\n${LINES}`);
    await run('ospain2.proposal.accept', task.id);
    assert.equal(await disk(), `mine\n${changed(LINES, 10, 17)}`);
  });

  it('a conflict is shown, and the person finishes it in a document', async () => {
    await propose();
    const mine = LINES.replace('line 10\n', 'my line\n');
    await writeFile(file, mine);
    await run('ospain2.proposal.merge', task.id);
    const label = `Task ${task.number}: src/lines.txt (finish the merge, then save)`;
    await when(vscode.window.tabGroups.onDidChangeTabs, () => (activeTab()?.label === label ? true : undefined));
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'ospain2-merge');
    assert.ok(document);
    assert.match(document.getText(), /^<<<<<<< on disk\nmy line\n=======\nLINE 10\n>>>>>>> task \d+$/m);
    const text = document.getText();
    const begun = new vscode.WorkspaceEdit();
    begun.insert(document.uri, new vscode.Position(0, 0), '\n');
    await vscode.workspace.applyEdit(begun);
    assert.equal(await document.save(), false, 'a marker is left');
    const edit = new vscode.WorkspaceEdit();
    const whole = new vscode.Range(document.positionAt(0), document.positionAt(text.length + 1));
    const finished = text.replace(/<<<<<<<[\s\S]*>>>>>>>.*\n/, 'both lines\n');
    edit.replace(document.uri, whole, finished);
    await vscode.workspace.applyEdit(edit);
    assert.equal(await document.save(), true);
    assert.equal(await disk(), mine, 'the file waits until the proposal is accepted');
    await run('ospain2.proposal.accept', task.id);
    assert.equal(await disk(), changed(LINES, 3, 17).replace('line 10\n', 'both lines\n'));
  });

  it('what keeps it from being undone is shown', async () => {
    await writeFile(file, (await disk()).replace('both lines', 'other'));
    const before = await disk();
    assert.equal(await run('ospain2.proposal.undo', task.id), undefined);
    assert.equal(await disk(), before);
    await run('ospain2.proposal.showConflicts', task.id);
    const label = `Task ${task.number}: src/lines.txt (the same lines were changed later)`;
    await when(vscode.window.tabGroups.onDidChangeTabs, () => (activeTab()?.label === label ? true : undefined));
  });

  it('of a file are decided at once from its row', async () => {
    await propose();
    await run('ospain2.proposal.acceptFile', row('src/lines.txt'));
    assert.equal(await disk(), changed(LINES, 3, 10, 17));
  });
});
