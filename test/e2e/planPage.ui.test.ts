import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, dayAt, type Item, type Params } from '../../protocol/index.ts';
import { openHub } from '../support/hub/hub.ts';

test('the plan: horizons, dates, undo, tonight, progress, by pointer and by keyboard', {
  timeout: 300_000,
}, async () => {
  await using hub = await openHub();
  const { page, client } = hub;
  const today = dayAt(Date.now());
  const add = async (title: string, params: Omit<Params<'item/add'>, 'title'> = {}): Promise<Item> =>
    (await client.request('item/add', { title, ...params })).item;
  const titles = async (horizon: string): Promise<string[]> =>
    page
      .getByRole('region', { name: horizon, exact: true })
      .getByRole('listitem')
      .locator('button > span:first-child')
      .allInnerTexts();
  const told = (text: string) => page.locator('[role=status]', { hasText: text }).waitFor({ state: 'attached' });

  await hub.go('plan');
  await page.getByRole('heading', { name: 'Plan over days and weeks' }).waitFor();
  await hub.look('plan-empty', ['narrow']);
  const first = page.getByRole('textbox', { name: 'Add to Now' });
  await first.fill('Write the release notes ~2h @tomorrow #docs');
  await first.press('Enter');
  await page.getByRole('button', { name: /^Write the release notes/ }).waitFor();
  const { items } = await client.request('item/list', {});
  const [made] = items;
  deepEqual([made?.estimate, made?.due, made?.tags], [120, addDays(today, 1), ['docs']]);

  const parser = await add('Make the parser faster', {
    horizon: 'now',
    estimate: 300,
    start: today,
    due: addDays(today, 3),
    tags: ['parser'],
  });
  const limits = await add('Raise RETRY_MAX to 5 in src/limits.ts', {
    horizon: 'next',
    estimate: 30,
    needsPerson: false,
  });
  await add('Tell all users', {
    horizon: 'next',
    dependsOn: [parser.id, made?.id ?? ''],
    due: addDays(today, 9),
    start: addDays(today, 5),
    estimate: 90,
  });
  await add('Look at the crash on Windows', {
    horizon: 'now',
    due: addDays(today, -2),
    estimate: 60,
    tags: ['bug', 'windows'],
  });
  await add('A second home for the cache', {
    horizon: 'later',
    estimate: 2400,
    start: addDays(today, 10),
    due: addDays(today, 40),
  });
  await add('Rewrite it in another language', { horizon: 'someday' });
  const old = await add('Read the paper on merging', { horizon: 'now', estimate: 45 });
  await client.request('item/change', { itemId: old.id, done: true });
  await client.request('item/start', { itemId: limits.id, kind: 'ask', instruction: 'What is RETRY_MAX for?' });
  await page.getByRole('button', { name: /^Tell all users/ }).click();
  await hub.look('plan-board');

  // By keyboard: to the next horizon, up, and back again.
  await page.getByRole('button', { name: /^Make the parser faster/ }).focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.locator(':focus', { hasText: 'Make the parser faster' }).waitFor();
  await told('“Make the parser faster”: Next, 2 of 3');
  await page.keyboard.press('Alt+ArrowUp');
  await told('“Make the parser faster”: Next, 1 of 3');
  deepEqual((await titles('Next')).slice(0, 1), ['Make the parser faster']);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page
    .getByRole('region', { name: 'Now', exact: true })
    .getByRole('button', { name: /^Make the parser faster/ })
    .waitFor();
  equal((await client.request('item/show', { itemId: parser.id })).item.horizon, 'now');

  // By pointer: before another item of another horizon.
  const from = await page.getByRole('button', { name: /^Look at the crash/ }).boundingBox();
  const to = await page.getByRole('button', { name: /^A second home/ }).boundingBox();
  ok(from && to);
  await page.mouse.move(from.x + 20, from.y + 10);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 20, { steps: 4 });
  await page.mouse.move(to.x + 20, to.y + 4, { steps: 8 });
  await page.mouse.up();
  await told('“Look at the crash on Windows”: Later, 1 of 2');
  deepEqual(await titles('Later'), ['Look at the crash on Windows', 'A second home for the cache']);

  for (const view of ['today', 'month', 'quarter']) {
    await hub.go(`plan/${view}`);
    await page.getByRole('tab', { name: new RegExp(view, 'i'), selected: true }).waitFor();
    await hub.look(`plan-${view}`, view === 'quarter' ? ['narrow'] : ['wide']);
  }
  for (const panel of ['tonight', 'progress', `item/${parser.number}`]) {
    await hub.go(`plan/horizons/${panel}`);
    await page.getByRole('complementary').waitFor();
    if (panel === 'progress') await page.locator('canvas').first().waitFor();
    await hub.look(`plan-${panel.replace(/\/.*/, '')}`, ['wide']);
  }
  deepEqual(hub.complaints, []);
});
