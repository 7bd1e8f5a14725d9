import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleWorkspace } from '../support/temp.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

test('palette → task → tree → diff → accept → file changed → undo', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const limits = () => readFileSync(join(workspace.path, 'src/limits.ts'), 'utf8');
  const before = limits();
  const window = await openWindow({ vsix, workspace: workspace.path });
  try {
    await window.openView('OSPAiN2');
    await window.screenshot('welcome');

    await window.palette('OSPAiN2: New Task…');
    await window.screenshot('new-task');
    await window.quickInput('Set RETRY_MAX to 5 in src/limits.ts.');
    const row = await window.treeRow('Set RETRY_MAX to 5');
    await window.toast('Changed RETRY_MAX');
    await window.screenshot('tree');
    assert.equal(limits(), before, 'nothing is on disk before it is accepted');

    await window.contextMenu(row, 'Review Proposal');
    await window.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await window.screenshot('diff');

    await window.contextMenu(row, 'Accept Proposal');
    await window.treeRow('accepted');
    assert.match(limits(), /RETRY_MAX = 5;/);
    await window.screenshot('accepted');

    await window.contextMenu(row, 'Open Task');
    await window.page.locator('.view-line', { hasText: 'RETRY_MAX' }).first().waitFor();
    await window.screenshot('task-document');

    await window.contextMenu(row, 'Undo Accepted Proposal');
    await window.treeRow('undone');
    assert.equal(limits(), before);
    await window.screenshot('undone');
  } finally {
    await window.dispose();
  }
});
