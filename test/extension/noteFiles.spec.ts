import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import { api, closeEditors } from './product.ts';

const at = (path: string) => vscode.Uri.from({ scheme: 'ospain2', path: `/notes/${path}` });
const { fs } = vscode.workspace;

describe('notes as files', function () {
  this.timeout(60_000);
  let client: Client;

  before(async () => {
    client = await (await api()).connect();
  });
  after(closeEditors);

  const textOf = async (note: string) => (await client.request('note/show', { note })).text;
  const failing = async (run: Thenable<unknown>) =>
    Promise.resolve(run).then(
      () => '',
      (thrown: unknown) => (thrown instanceof vscode.FileSystemError ? thrown.code : String(thrown)),
    );

  it('are written, read and listed', async () => {
    await fs.createDirectory(at('spec/empty'));
    await fs.writeFile(at('spec/one.md'), Buffer.from('# Eins\n'));
    await fs.writeFile(at('spec/sub/two.md'), Buffer.from('[[one]]'));
    assert.equal(await textOf('spec/one.md'), '# Eins\n');
    assert.equal(Buffer.from(await fs.readFile(at('spec/one.md'))).toString(), '# Eins\n');
    const { File, Directory } = vscode.FileType;
    assert.deepEqual((await fs.readDirectory(at('spec'))).sort(), [
      ['empty', Directory],
      ['one.md', File],
      ['sub', Directory],
    ]);
    assert.equal((await fs.stat(at('spec/sub'))).type, Directory);
  });

  it('say what is wrong in the terms of files', async () => {
    assert.equal(await failing(fs.readFile(at('spec/none.md'))), 'FileNotFound');
    assert.equal(await failing(fs.stat(at('spec/none'))), 'FileNotFound');
    assert.equal(await failing(fs.rename(at('spec/one.md'), at('spec/one.txt'))), 'NoPermissions');
    assert.equal(await failing(fs.rename(at('spec/one.md'), at('spec/sub/two.md'))), 'FileExists');
    assert.equal(await failing(fs.writeFile(at('spec/con.md'), Buffer.from(''))), 'Unavailable');
  });

  it('are moved with the links to them, and deleted', async () => {
    await fs.rename(at('spec/one.md'), at('spec/new name.md'));
    assert.equal(await textOf('spec/sub/two.md'), '[[new name]]');
    await fs.rename(at('spec/sub'), at('spec/below'));
    assert.equal(await textOf('spec/below/two.md'), '[[new name]]');
    await fs.delete(at('spec/below'), { recursive: true });
    assert.equal(await failing(fs.stat(at('spec/below'))), 'FileNotFound');
  });

  it('are edited in VS Code, which follows what others save', async () => {
    const { note } = await client.request('note/save', { path: 'spec/edit.md', text: 'one\n', base: null });
    const document = await vscode.workspace.openTextDocument(at('spec/edit.md'));
    await vscode.window.showTextDocument(document);
    assert.equal(document.languageId, 'markdown');
    const edited = new Promise<void>((resolve) => {
      const listening = vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document !== document || document.getText() !== 'two\n') return;
        listening.dispose();
        resolve();
      });
    });
    await client.request('note/save', { path: note.path, text: 'two\n', base: 1 });
    await edited;
    await type('three\n');
    assert.equal(await document.save(), true);
    assert.equal(await textOf('spec/edit.md'), 'three\n');
  });

  it('are not written over what somebody else saved meanwhile, also of the same size', async () => {
    const document = await vscode.workspace.openTextDocument(at('spec/edit.md'));
    await vscode.window.showTextDocument(document);
    await type('mine!\n');
    const { note } = await client.request('note/show', { note: 'spec/edit.md' });
    await client.request('note/save', { path: 'spec/edit.md', text: 'their\n', base: note.version });
    assert.equal(await document.save(), false);
    assert.deepEqual(
      [document.isDirty, document.getText(), await textOf('spec/edit.md')],
      [true, 'mine!\n', 'their\n'],
    );
  });

  it('of the day are opened by a command', async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('ospain2.note.daily');
    const { uri } = vscode.window.activeTextEditor?.document ?? {};
    assert.match(uri?.toString() ?? '', /^ospain2:\/notes\/daily\/\d{4}-\d\d-\d\d\.md$/);
  });
});

async function type(text: string): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor);
  const end = editor.document.lineAt(editor.document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.replace(new vscode.Range(new vscode.Position(0, 0), end), text));
}
