import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { sampleWorkspace } from '../support/temp.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

test('pull → row → load → alias → unload → remove', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const file = join(workspace.path, 'talker.gguf');
  writeScriptedModel(file, [{ answers: ['Hello.'] }]);
  const server = createServer((_request, response) => response.end(readFileSync(file)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/talker.gguf`;
  const window = await openWindow({ vsix, workspace: workspace.path });
  try {
    await window.openView('OSPAiN2');
    await window.expandView('Models');
    await window.treeRow('canary');

    await window.palette('OSPAiN2: Pull Model…');
    await window.screenshot('pull-sources');
    await window.quickInput('Another source');
    await window.quickInput(address);
    await window.toast('talker@1.0.0 is here');
    const row = await window.treeRow(/talker(?!\.gguf)/);
    await window.screenshot('models');

    await window.contextMenu(row, 'Load Model');
    await window.treeRow('ready');
    await window.screenshot('models-ready');

    await window.contextMenu(row, 'Set Model Alias…');
    await window.quickInput('fill');
    await window.treeRow('fill');
    await window.contextMenu(row, 'Unload Model');
    await window.treeRow('idle');

    await window.contextMenu(row, 'Remove Model…');
    await window.screenshot('model-remove');
    await window.modal('Remove talker@1.0.0?', 'Remove');
    await row.waitFor({ state: 'detached' });
  } finally {
    await window.dispose();
    server.close();
  }
});
