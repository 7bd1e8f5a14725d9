import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { api, closeEditors, ended, runTask, when, writeInFolder } from './product.ts';

const INSTRUCTION = 'Change CACHE_TTL to 900 in src/cache.ts';

describe('documents', function () {
  this.timeout(180_000);

  before(() => writeInFolder('src/cache.ts', 'export const CACHE_TTL = 600;\n'));
  after(closeEditors);

  it('a task is told from its first event to its end while it runs', async () => {
    const client = await (await api()).connect();
    // Opened before there is a task: whatever comes, comes while somebody looks.
    const id = randomUUID();
    const uri = vscode.Uri.from({ scheme: 'ospain2-task', path: '/Task 999.md', query: id });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    assert.match(document.getText(), /cannot be shown/);
    const seen: string[] = [];
    const listening = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document) seen.push(document.getText());
    });
    await client.request('task/submit', { id, instruction: INSTRUCTION });
    await when(vscode.workspace.onDidChangeTextDocument, () =>
      /^## Done/m.test(document.getText()) ? true : undefined,
    );
    listening.dispose();
    const early = seen.filter((text) => !/^## Done/m.test(text));
    assert.ok(
      early.some((text) => text.includes(`> ${INSTRUCTION}`)),
      'it was seen before it was done',
    );
    const text = document.getText();
    for (const part of [`> ${INSTRUCTION}`, '## Attempt 1', '### Turn 1', 'tokens read', '## Proposal: 1 file'])
      assert.ok(text.includes(part), `${part} is missing in\n${text}`);
    assert.equal((await ended(client, id)).status, 'done');
  });

  it('a task that has ended is told whole', async () => {
    const task = await runTask(INSTRUCTION);
    await vscode.commands.executeCommand('ospain2.task.open', task.id);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.path, `/Task ${task.number}.md`);
    assert.equal(document?.languageId, 'markdown');
    assert.match(document?.getText() ?? '', /^## Done/m);
  });

  it('the status names the server that runs', async () => {
    const client = await (await api()).connect();
    const { pid } = await client.request('server/status', {});
    await vscode.commands.executeCommand('ospain2.server.showStatus');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'ospain2-status');
    const shown = () => (document?.getText().includes(`- Process: ${pid},`) ? document.getText() : undefined);
    assert.match(await when(vscode.workspace.onDidChangeTextDocument, shown), /The server is running\./);
  });

  it('diagnostics hold nothing that a person wrote', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'ospain2-diagnostics-'));
    try {
      const file = path.join(folder, 'diagnostics.txt');
      await vscode.commands.executeCommand('ospain2.diagnostics.save', vscode.Uri.file(file));
      const text = await readFile(file, 'utf8');
      assert.match(text, /^OSPAiN2 in VS Code\n/);
      assert.match(text, /OSPAiN2 diagnostics\n/);
      assert.doesNotMatch(text, /CACHE_TTL/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
