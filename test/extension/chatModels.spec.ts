import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Api } from '../../protocol/api.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { api, closeEditors, useModel, when, writeInFolder } from './product.ts';

const SAYS = 'retries + 1;';

describe('a model of this machine', function () {
  this.timeout(180_000);
  let folder = '';

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-chat-'));
    const file = path.join(folder, 'talker.gguf');
    writeScriptedModel(file, [{ answers: [SAYS] }]);
    await useModel(file);
    await (await api()).connect();
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('answers in chat, also other extensions', async () => {
    const select = () => vscode.lm.selectChatModels({ vendor: 'ospain2', id: 'talker@0.0.0' });
    const [model] = await select();
    assert.ok(model, 'VS Code does not know the model');
    assert.equal(model.name, 'talker');
    assert.ok(model.maxInputTokens > 1000);
    const response = await model.sendRequest([vscode.LanguageModelChatMessage.User('What is next?')]);
    let said = '';
    for await (const piece of response.text) said += piece;
    assert.equal(said, SAYS);
    assert.ok((await model.countTokens('four words are here')) > 0);
  });

  it('answers programs that speak as to OpenAI', async () => {
    const served = await vscode.commands.executeCommand<Api>('ospain2.api.start', { port: 0 });
    const token = (await readFile(served.tokenFile, 'utf8')).trim();
    const ask = (key: string) => fetch(`${served.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    assert.equal((await ask('wrong')).status, 401);
    const { data } = (await (await ask(token)).json()) as { data: { id: string }[] };
    assert.ok(data.some(({ id }) => id.startsWith('talker')));
    await vscode.commands.executeCommand('ospain2.api.stop');
    await assert.rejects(ask(token));
  });

  it('suggests what to type, and Tab takes it', async () => {
    const file = await writeInFolder('src/next.ts', 'const retries = 3;\nconst next = ');
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(file));
    const end = editor.document.lineAt(1).range.end;
    editor.selection = new vscode.Selection(end, end);
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    const taken = when(vscode.workspace.onDidChangeTextDocument, () =>
      editor.document.getText().endsWith(SAYS) ? true : undefined,
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    // VS Code tells nobody that a suggestion is shown: taking it does nothing before.
    const trying = setInterval(() => void vscode.commands.executeCommand('editor.action.inlineSuggest.commit'), 200);
    void taken.then(() => resolve());
    await promise.finally(() => clearInterval(trying));
    assert.equal(editor.document.getText(), `const retries = 3;\nconst next = ${SAYS}`);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
