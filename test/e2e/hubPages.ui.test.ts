import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { pages } from '../../webview/pages/table.ts';
import { openHub } from '../support/hub/hub.ts';
import { ended } from '../support/server.ts';

/** A page that is added to the table is covered by this at once: with nothing in it, and with what the server has after some work. */
test('every page, empty and at work, in every theme: no violation, no error', { timeout: 300_000 }, async (t) => {
  ok(pages.length > 0);
  await using hub = await openHub();
  const { page, client } = hub;
  const lookAtAll = async (state: string) => {
    for (const { name, title } of pages) {
      await hub.go(name);
      await page.getByRole('heading', { level: 1, name: title(), exact: true }).waitFor();
      // What is asked for is there.
      await page.locator('main:not(:has([data-loading]))').waitFor();
      await t.test(`${name}, ${state}`, () =>
        state === 'empty' ? hub.look(`${name}-empty`, ['wide']) : hub.look(name),
      );
    }
  };
  await lookAtAll('empty');

  const { task } = await client.request('task/submit', { instruction: 'Set RETRY_MAX to 5 in src/limits.ts.' });
  await client.request('task/submit', { kind: 'ask', instruction: 'What is RETRY_MAX for?' });
  await ended(client, task.id);
  await lookAtAll('at work');
  deepEqual(hub.complaints, []);
});
