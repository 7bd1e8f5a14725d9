import assert, { deepEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../../webview/pages/table.ts';
import { axe } from '../support/hub/axe.ts';
import { sampleWorkspace } from '../support/temp.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { openWindow, type VscodeWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];
const themes = { light: 'Light Modern', dark: 'Dark Modern', 'high-contrast': 'Dark High Contrast' };

test('Open Hub → tasks live → hidden and shown → the window is loaded anew → every page', {
  timeout: 420_000,
}, async (t) => {
  assert.ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const window = await openWindow({ vsix, workspace: workspace.path });
  try {
    const hub = window.webview();
    const waits = hub.getByText('to review').first();
    await t.test('a task that was submitted elsewhere appears and changes', async () => {
      await window.palette('OSPAiN2: Open Hub');
      await link(window, 'Tasks').click();
      await hub.getByText('No tasks yet').waitFor();
      await window.palette('OSPAiN2: New Task…');
      await window.quickInput('Set RETRY_MAX to 5 in src/limits.ts.');
      await hub.getByText('Set RETRY_MAX to 5').first().waitFor();
      await waits.waitFor();
      await window.screenshot('hub-panel-live');
    });
    await t.test('hidden it is unloaded; shown again it has its place and what is known', async () => {
      await window.palette('OSPAiN2: Show Status');
      await window.page.locator('.view-line', { hasText: 'OSPAiN2' }).first().waitFor();
      await window.palette('OSPAiN2: Open Hub');
      await waits.waitFor();
    });
    await t.test('it comes back with the window', async () => {
      // As the page goes, a browser leaves VS Code no time to write which page of the hub was open: it may come back as it was before.
      await eventually('the hub did not come back with its tasks', async () => {
        await window.page.reload();
        await link(window, 'Tasks').waitFor();
        await waits.waitFor({ timeout: 10_000 }).catch(async (thrown) => {
          await link(window, 'Tasks').click();
          await waits.waitFor();
          throw thrown;
        });
      });
    });
    for (const [name, theme] of Object.entries(themes)) {
      await window.palette('Preferences: Color Theme');
      await window.page.keyboard.type(theme);
      await window.quickPick(theme);
      await hub.locator(`body.vscode-${name}`).waitFor();
      for (const page of pages)
        await t.test(`${page.name} in VS Code's ${name} theme`, async () => {
          await link(window, page.title()).click();
          await hub.getByRole('heading', { level: 1, name: page.title(), exact: true }).waitFor();
          await hub.locator('main:not(:has([data-loading]))').waitFor();
          await window.screenshot(`hub-panel-${page.name}-${name}`);
          deepEqual(await axe(window.page, ['iframe.webview.ready', 'iframe#active-frame']), []);
        });
    }
  } finally {
    await window.dispose();
  }
});

const link = (window: VscodeWindow, name: string) =>
  window.webview().getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true });
