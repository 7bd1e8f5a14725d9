import { deepEqual, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Client } from '../../protocol/index.ts';
import { serveFile } from '../server/models/download/workbench.ts';
import { writeRandomModel } from '../support/gguf/randomModel.ts';
import { openHub } from '../support/hub/hub.ts';
import { loopbackServer } from '../support/loopback.ts';

/** Bytes; enough of them that the server tells of each. */
const PIECE = 1_000_000;

const row = (page: Page, name: RegExp) => page.getByRole('list', { name: 'Models' }).getByRole('button', { name });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a model is pulled, given up, taken up again, named, loaded, seen at work, and removed', {
  timeout: 180_000,
}, async (t) => {
  await using hub = await openHub();
  const { page, client, workspace } = hub;
  page.setDefaultTimeout(15_000);
  const file = join(workspace, 'talker.gguf');
  writeRandomModel(file, { width: 256, layers: 4 });
  const bytes = readFileSync(file);
  let does: 'stall' | 'refuse' | 'serve' = 'stall';
  let hangUp = () => {};
  await using site = await loopbackServer((request, response) => {
    if (does === 'serve') return serveFile(request, response, bytes);
    if (does === 'refuse') return response.writeHead(403).end();
    // Slower than the server tells, half of it, and then nothing.
    response.writeHead(200, { etag: '"one"', 'accept-ranges': 'bytes', 'content-length': bytes.length });
    let sent = 0;
    const timer = setInterval(() => {
      response.write(bytes.subarray(sent, sent + PIECE));
      sent += PIECE;
      if (sent >= bytes.length / 2) clearInterval(timer);
    }, 200);
    response.once('close', () => clearInterval(timer));
    hangUp = () => response.destroy();
  });
  const source = `${site.origin}/talker.gguf`;

  await t.test('it is on its way, and given up', async () => {
    await hub.go('models/get');
    await page.getByRole('textbox', { name: 'Source' }).fill(source);
    await press(page, 'Pull');
    const pulls = page.getByRole('list', { name: 'Pulls' });
    await pulls.getByText(/running · \d+ % of .* · /).waitFor();
    await hub.look('models-pull', ['narrow']);
    await pulls.getByRole('button', { name: 'Give up' }).click();
    await pulls.waitFor({ state: 'detached' });
    deepEqual(await states(client), ['cancelled']);
  });

  await t.test('one that failed goes on behind what was fetched', async () => {
    await page.getByRole('textbox', { name: 'Source' }).fill(source);
    await press(page, 'Pull');
    const pulls = page.getByRole('list', { name: 'Pulls' });
    await pulls.getByText(/running · \d+ % of .* · /).waitFor();
    does = 'refuse';
    hangUp();
    await pulls.getByText(/failed · \d+ % of /).waitFor();
    does = 'serve';
    await pulls.getByRole('button', { name: 'Go on' }).click();
    await pulls.waitFor({ state: 'detached' });
    deepEqual((await states(client)).toSorted(), ['cancelled', 'done']);
    ok(site.requests.at(-1)?.headers['range']?.startsWith('bytes='), 'nothing was fetched twice');
  });

  await t.test('it is named, loaded and pinned', async () => {
    await hub.go('models');
    await row(page, /^talker/).click();
    await press(page, 'Use for tasks and chat');
    await row(page, /^talker 1\.0\.0 default/).waitFor();
    await press(page, 'Load');
    await row(page, /^talker 1\.0\.0 default in memory/).waitFor();
    await press(page, 'Pin');
    await row(page, /default in memory, pinned/).waitFor();
    const { model } = await client.request('model/show', { model: 'default' });
    deepEqual([model.name, model.state, model.pinned], ['talker', 'ready', true]);
  });

  await t.test('its tokens a second and its memory are drawn as it works', async () => {
    await client.request('inference/chat', { messages: [{ role: 'user', text: 'Count.' }], maxTokens: 60 });
    const rates = page.getByRole('table', { name: /^Tokens a second, all/ });
    await rates.getByRole('row', { name: /talker@1\.0\.0.*most [\d.]+/ }).waitFor({ timeout: 30_000 });
    const memory = page.getByRole('table', { name: 'Memory' });
    await memory.getByRole('row', { name: /talker@1\.0\.0 \d+ MB/ }).waitFor({ timeout: 30_000 });
    ok((await page.locator('canvas').count()) === 2);
    const { readings } = await client.request('model/readings', {});
    const written = readings.reduce((sum, reading) => sum + reading.written, 0);
    ok(written > 10, `${written} tokens`);
    await hub.look('models-work');
  });

  await t.test('it is measured, unloaded and removed', async () => {
    await press(page, 'Measure');
    await page.getByText(/tokens\/s of an answer/).waitFor({ timeout: 60_000 });
    await page.getByRole('region', { name: 'Measurements' }).waitFor();
    await press(page, 'Unload');
    await row(page, /^talker.*not in memory/).waitFor();
    await press(page, 'Remove');
    const question = page.getByRole('alertdialog', { name: 'Remove talker@1.0.0?' });
    await question.press('Escape');
    await question.waitFor({ state: 'detached' });
    await press(page, 'Remove');
    await question.getByRole('button', { name: 'Remove' }).click();
    await row(page, /^talker/).waitFor({ state: 'detached' });
    deepEqual(
      (await client.request('model/list', {})).models.map(({ name }) => name),
      ['canary'],
    );
  });
  deepEqual(hub.complaints, []);
});

const states = async (client: Client) => (await client.request('pull/list', {})).pulls.map(({ state }) => state);
