import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { api, useModel } from './product.ts';

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
});
