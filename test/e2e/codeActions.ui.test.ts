import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { useModelFile } from '../support/vscode/ownModel.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

const PAGE = "import { totalPrice } from './orders';\n\nexport const total = totalPrice(1, 2);\n";
const ORDERS = 'export function totalPrise(a: number, b: number): number {\n  return a + b;\n}\n';

test('lightbulb → Fix this problem → proposal → accept', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const orders = join(workspace.path, 'src/orders.ts');
  writeFileSync(join(workspace.path, 'src/page.ts'), PAGE);
  writeFileSync(orders, ORDERS);
  const window = await openWindow({ vsix, workspace: workspace.path });
  const { page } = window;
  try {
    await window.openView('OSPAiN2');
    // Actions are asked of a server that runs.
    await window.expandView('Models');
    await window.treeRow('canary');
    await page.keyboard.press('Control+P');
    await page.keyboard.type('page.ts');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'page.ts' }).first().click();
    // TypeScript's own problem, once it has looked.
    await page.locator('.squiggly-error').first().waitFor();
    await page.locator('.view-line', { hasText: 'import' }).getByText('totalPrice').click();
    await page
      .locator('.codicon-light-bulb, .codicon-gutter-lightbulb, .codicon-gutter-lightbulb-auto-fix')
      .first()
      .waitFor();
    await window.screenshot('lightbulb');
    await page.keyboard.press('Control+.');
    const entry = page.locator('.action-widget .action', { hasText: 'Fix this problem: rename totalPrise' });
    await entry.waitFor();
    await window.screenshot('code-actions');
    await entry.click();

    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    assert.equal(readFileSync(orders, 'utf8'), ORDERS, 'nothing is on disk before it is accepted');
    await window.screenshot('code-action-proposal');
    await page.locator('.editor-actions').getByRole('button', { name: 'Accept Proposal' }).first().click();
    await window.toast('was accepted');
    assert.equal(readFileSync(orders, 'utf8'), ORDERS.replace('totalPrise', 'totalPrice'));
    await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    await window.screenshot('code-action-accepted');
  } finally {
    await window.dispose();
  }
});

test('staged changes get a commit message', { timeout: 300_000 }, async () => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  using models = tempFolder('model');
  const message = 'Try seven times before giving up';
  const model = join(models.path, 'scripted.gguf');
  writeScriptedModel(model, [{ answers: [message] }]);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: workspace.path, stdio: 'pipe' });
  git('init', '-q');
  git('add', '.');
  git('-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '-qm', 'First');
  const limits = join(workspace.path, 'src/limits.ts');
  writeFileSync(limits, readFileSync(limits, 'utf8').replace('RETRY_MAX = 3', 'RETRY_MAX = 7'));
  git('add', '.');
  const settings = { 'git.enabled': true };
  const window = await openWindow({ vsix, workspace: workspace.path, settings });
  const { page } = window;
  try {
    await useModelFile(window, workspace.path, model);
    await page.keyboard.press('Control+Shift+G');
    await page.locator('.scm-view .resource', { hasText: 'limits.ts' }).first().waitFor();
    // Its buttons are there while the mouse is.
    await page.locator('.pane-header', { hasText: 'Changes' }).first().hover();
    await page.getByRole('button', { name: 'Write Commit Message' }).first().waitFor();
    await window.palette('OSPAiN2: Write Commit Message');
    await page.locator('.scm-editor .view-line', { hasText: message }).waitFor();
    await window.screenshot('commit-message');
  } finally {
    await window.dispose();
  }
});
