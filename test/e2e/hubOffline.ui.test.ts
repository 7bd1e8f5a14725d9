import { deepEqual, equal, match } from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { ensureBuilt } from '../../scripts/build.ts';
import { axe } from '../support/hub/axe.ts';
import { openChromium } from '../support/hub/browser.ts';
import { allThemes, showTheme } from '../support/hub/themes.ts';
import { startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { takeScreenshot } from '../support/vscode/screenshot.ts';

/** Reads a store of the page's own database: run in the page, which knows types that this program does not. */
const reading = (store: string) => `(async () => {
  const [database] = await indexedDB.databases();
  if (database === undefined) return [];
  return new Promise((resolve) => {
    const opening = indexedDB.open(database.name);
    opening.onsuccess = () => {
      const db = opening.result;
      const asked = db.transaction('${store}').objectStore('${store}').getAll();
      asked.onsuccess = () => {
        db.close();
        resolve(asked.result);
      };
    };
  });
})()`;

/** What is kept there, as soon as it is so many. */
async function kept(page: Page, store: string, count: number): Promise<void> {
  while ((await page.evaluate<unknown[]>(reading(store))).length !== count) await page.waitForTimeout(20);
}

/** Why the browser would not install the page as a program; that its window keeps nothing is the test's own doing. */
async function installProblems(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  return installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito');
}

const go = (page: Page, place: string) => page.evaluate(`location.hash = '/${place}'`);

describe('the hub in a browser without its server', { timeout: 180_000 }, () => {
  it('opens, shows what was there, and sends once what is written, when the server is back', async () => {
    await ensureBuilt();
    using workspace = sampleWorkspace();
    using data = tempFolder('hub');
    const where = { workspace: workspace.path, data: data.path };
    await using chromium = await openChromium();
    const { page } = chromium;

    const before = await startServer(where);
    const { task } = await before.client.request('task/submit', { kind: 'ask', instruction: 'What is RETRY_MAX for?' });
    await before.client.request('note/save', { path: 'ideas.md', text: '# Ideas\n\nWrite less.\n', base: null });
    await before.client.request('item/add', { title: 'Rest on Sunday', horizon: 'now' });
    const { api } = await before.client.request('api/start', { port: 0 });
    await page.goto((await before.client.request('hub/open', {})).url);
    await page.getByRole('navigation').waitFor();
    match(page.url(), /\/hub\/(#\/.*)?$/, 'the address keeps nothing of the login');
    equal(await page.evaluate('navigator.serviceWorker.ready.then(({ scope }) => scope)'), `${api.url}/hub/`);
    deepEqual(await installProblems(page), []);
    await kept(page, 'texts', 1);
    await kept(page, 'facts', 2);
    await before.client.request('task/cancel', { taskId: task.id }).catch(() => {});
    await before.stop();

    await page.reload();
    await page.getByText('What you see is as of').waitFor();
    await go(page, 'tasks');
    await page.getByText('What is RETRY_MAX for?').first().waitFor();
    await go(page, 'notes/ideas.md');
    await page.getByText('Write less.').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('Sleep more.');
    await page.keyboard.press('Control+s');
    await kept(page, 'outbox', 1);
    await go(page, 'plan');
    await page.getByText('Rest on Sunday').first().waitFor();
    await page.getByLabel('Add to Later').fill('Learn the piano');
    await page.getByLabel('Add to Later').press('Enter');
    await page.getByText('Learn the piano').first().waitFor();
    await page.getByText('2 changes wait to be sent.').waitFor();
    for (const theme of allThemes) {
      await showTheme(page, theme);
      await takeScreenshot(page, `hub-offline-${theme}`);
      deepEqual(await axe(page), [], theme);
    }
    // It is not lost with the page.
    await page.reload();
    await page.getByText('Learn the piano').first().waitFor();

    await using server = await startServer(where);
    await server.client.request('api/start', { port: api.port });
    await page.getByText('What you see is as of').waitFor({ state: 'detached' });
    await page.getByText('to be sent').waitFor({ state: 'detached' });
    const { note, text } = await server.client.request('note/show', { note: 'ideas.md' });
    deepEqual([note.version, text], [2, '# Ideas\n\nWrite less.\nSleep more.']);
    const { items } = await server.client.request('item/list', {});
    deepEqual(items.map(({ title }) => title).sort(), ['Learn the piano', 'Rest on Sunday']);
    equal((await server.client.request('task/list', {})).total, 1);

    await page.getByRole('button', { name: 'Sign this browser out' }).click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('This browser is not logged in').waitFor();
    deepEqual(await page.evaluate('indexedDB.databases()'), []);
    equal((await server.client.request('hub/signOut', {})).sessions, 0);
  });
});
