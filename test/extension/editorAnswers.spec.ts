import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { api, closeEditors, runTask, useModel, when, writeInFolder } from './product.ts';

/** A model that asks what VS Code alone knows: constants, and types that do not fit. */
const ANSWERS = [
  '{"tool":"find_symbol","name":"RATE_MAX"}',
  '{"tool":"diagnostics","path":"src/rates.ts"}',
  '{"tool":"write_file","path":"src/prices.ts"}\nexport const PRICE: number = 4;',
  '{"tool":"diagnostics","path":"src/prices.ts"}',
  '{"tool":"finish","outcome":"done"}\nThe type is right now.',
];

describe('an agent asks the editor', function () {
  this.timeout(180_000);
  let folder = '';
  let results: string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-model-'));
    const model = path.join(folder, 'scripted.gguf');
    writeScriptedModel(model, [{ answers: ANSWERS }]);
    const file = vscode.Uri.file(await writeInFolder('src/rates.ts', 'export const RATE_MAX: string = 3;\n'));
    await writeInFolder('src/prices.ts', 'export const PRICE: string = 4;\n');
    await vscode.window.showTextDocument(file);
    await when(vscode.languages.onDidChangeDiagnostics, () => vscode.languages.getDiagnostics(file)[0]);
    await useModel(model);
    const task = await runTask('Mend the type');
    assert.deepEqual([task.status, task.error], ['done', null]);
    const { events } = await (await (await api()).connect()).request('task/events', { taskId: task.id, limit: 1000 });
    results = events.flatMap((event) => (event.type === 'result' ? [event.data.text] : []));
  });
  after(async () => {
    await closeEditors();
    await useModel(undefined);
    await rm(folder, { recursive: true });
  });

  it('where a constant is defined, as TypeScript knows it', () => {
    assert.match(results[0] ?? '', /^src\/rates\.ts:1: (constant|variable) RATE_MAX$/);
  });

  it('what TypeScript finds wrong', () => {
    assert.equal(results[1], "the editor says:\nline 1: error: Type 'number' is not assignable to type 'string'. (ts)");
  });

  it('and hears of its own edit what the editor cannot know', () => {
    assert.deepEqual(results.slice(-2), ['wrote src/prices.ts', 'no problems (with your edits, by the grammar alone)']);
  });
});
