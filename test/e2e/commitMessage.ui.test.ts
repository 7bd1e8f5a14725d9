import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { giveModelFile } from '../support/vscode/ownModel.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

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
    await giveModelFile(window, workspace.path, model);
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
