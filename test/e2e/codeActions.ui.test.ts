import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sampleWorkspace } from '../support/temp.ts';
import { eventually } from '../support/vscode/eventually.ts';
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
    // Beside the text or in the gutter, and of several shapes.
    const bulb = page.locator('.lightBulbWidget, .glyph-margin-widgets [class*="lightbulb"]');
    await bulb.first().waitFor();
    await window.screenshot('lightbulb');
    const entry = page.locator('.action-widget .action', { hasText: 'Fix this problem: rename totalPrise' });
    // The list is of when the lamp came, which may be before TypeScript had told VS Code of its problem: it is asked for again.
    await eventually('the list had no such entry', async () => {
      await page.keyboard.press('Escape');
      await bulb.first().click();
      await entry.waitFor({ timeout: 10_000 });
    });
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
