import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { openHub } from '../support/hub/hub.ts';
import { sampleWorkspace } from '../support/temp.ts';
import { openWindow } from '../support/vscode/window.ts';

const vsix = process.env['OSPAIN2_TEST_VSIX'];

test('a window in German speaks German, from the manifest to the end of a task', { timeout: 300_000 }, async () => {
  ok(vsix !== undefined, 'OSPAIN2_TEST_VSIX names the packaged extension');
  using workspace = sampleWorkspace();
  const window = await openWindow({ vsix, workspace: workspace.path, language: 'de' });
  try {
    await window.openView('OSPAiN2');
    await window.page.getByText('Noch keine Aufgaben.').waitFor();
    await window.screenshot('german-welcome');

    await window.palette('OSPAiN2: Neue Aufgabe…');
    await window.question('Neue Aufgabe: Dateien ändern');
    await window.screenshot('german-new-task');
    await window.quickInput('Set RETRY_MAX to 5 in src/limits.ts.');
    const row = await window.treeRow('zu prüfen');
    const toast = await window.toast('Aufgabe 1 schlägt eine Änderung vor');
    await toast.getByRole('button', { name: 'Annehmen' }).waitFor();
    await window.screenshot('german-task');

    await window.contextMenu(row, 'Aufgabe öffnen');
    await window.page.locator('.view-line', { hasText: 'Versuch' }).first().waitFor();
    await window.screenshot('german-document');

    await window.palette('OSPAiN2: Hub öffnen');
    await window.webview().getByRole('navigation', { name: 'Seiten' }).getByText('Aufgaben').click();
    await window.webview().getByRole('heading', { level: 1, name: 'Aufgaben', exact: true }).waitFor();
    equal(await window.webview().locator('html').getAttribute('lang'), 'de');
    await window.screenshot('german-hub');
  } finally {
    await window.dispose();
  }
});

test('the hub speaks the language of the browser', { timeout: 300_000 }, async () => {
  await using hub = await openHub({ locale: 'de-AT' });
  const { page } = hub;
  const { task } = await hub.client.request('task/submit', { kind: 'ask', instruction: 'What is RETRY_MAX for?' });
  equal(await page.locator('html').getAttribute('lang'), 'de');
  await page.getByRole('navigation', { name: 'Seiten' }).waitFor();
  await hub.go('tasks');
  await page.getByText(task.instruction).first().waitFor();
  match(await page.locator('main').innerText(), /Aufgabe/);
  await hub.look('german', ['wide']);
  deepEqual(hub.complaints, []);
});
