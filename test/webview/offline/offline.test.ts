import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { NoteConflict, OspainError } from '../../../protocol/index.ts';
import { wipeDatabase } from '../../../webview/offline/database.ts';
import { WORKSPACE } from '../../server/transports/api/serveApi.ts';
import { createWorld, keptDatabases, type Page, type World } from './world.ts';

const DAY = 24 * 60 * 60 * 1000;

describe('a hub without its server', { timeout: 60_000 }, () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    await world[Symbol.asyncDispose]();
    await wipeDatabase(WORKSPACE);
  });

  const isKept = (page: Page) => page.when(() => page.offline.state.keptAt !== undefined);
  const isSent = (page: Page) => page.when(() => page.offline.state.unsent.length === 0);
  /** A page that has all of it, and whose server then went. */
  const leftAlone = async () => {
    const page = await world.visit();
    await isKept(page);
    await world.away();
    await page.until('waiting');
    return page;
  };
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      (thrown: unknown) => OspainError.from(thrown).code,
    );

  it('shows tasks, notes and the plan as they were, also after a reload', async () => {
    const { client } = world;
    const { task } = await client.request('task/submit', { kind: 'ask', instruction: 'What is this?' });
    await client.request('task/cancel', { taskId: task.id }).catch(() => {});
    await client.request('note/save', { path: 'work/plan.md', text: '# The plan\n\n- [ ] rest\n', base: null });
    await client.request('note/save', { path: 'b.md', text: 'Nothing.', base: null });
    const { item } = await client.request('item/add', { title: 'Write it', horizon: 'now' });
    await client.request('item/add', { title: 'Sleep on it', horizon: 'later' });
    await client.request('note/daily', { date: '2026-11-23' });
    await (await leftAlone())[Symbol.asyncDispose]();

    await using page = await world.visit();
    const there = page.client;
    const list = await there.request('task/list', { parentId: null, limit: 500 });
    assert.deepEqual([list.total, list.tasks.map(({ id }) => id)], [1, [task.id]]);
    assert.equal((await there.request('task/show', { taskId: String(task.number) })).task.id, task.id);
    assert.equal((await there.request('task/list', { status: ['running'] })).total, 0);
    const notes = await there.request('note/list', { limit: 1 });
    assert.deepEqual([notes.total, notes.notes[0]?.path], [3, 'b.md']);
    assert.equal((await there.request('note/daily', { date: '2026-11-23' })).note.path, 'daily/2026-11-23.md');
    assert.equal(await code(there.request('note/daily', { date: '2026-11-24' })), 'unavailable');
    const rest = await there.request('note/list', { limit: 1, after: notes.next ?? '' });
    assert.deepEqual([rest.notes[0]?.path, rest.next === null], ['daily/2026-11-23.md', false]);
    assert.equal((await there.request('note/show', { note: 'work/plan.md' })).text, '# The plan\n\n- [ ] rest\n');
    assert.deepEqual((await there.request('note/folders', {})).folders, [
      { path: 'daily', notes: 1 },
      { path: 'work', notes: 1 },
    ]);
    const plan = await there.request('item/list', { done: false, limit: 1000 });
    assert.deepEqual(
      plan.items.map(({ title }) => title),
      ['Write it', 'Sleep on it'],
    );
    assert.equal((await there.request('item/show', { itemId: item.id })).item.title, 'Write it');
    assert.equal(await code(there.request('note/show', { note: 'none.md' })), 'unavailable');
    assert.equal(await code(there.request('server/status', {})), 'unavailable');
    assert.equal(await code(there.request('item/remove', { itemId: item.id })), 'unavailable');
    assert.deepEqual(page.troubles, []);
  });

  it('sends what was written meanwhile once, in order, when the server is back', async () => {
    const { client } = world;
    await client.request('note/save', { path: 'a.md', text: 'First.', base: null });
    const { item } = await client.request('item/add', { title: 'Write it' });
    const page = await leftAlone();
    const heard: string[] = [];
    page.client.on('task/didChange', ({ task }) => heard.push(task.instruction));
    const { task } = await page.client.request('task/submit', { kind: 'ask', instruction: 'Later.' });
    assert.deepEqual(heard, ['Later.']);
    const { note } = await page.client.request('note/save', { path: 'a.md', text: 'Second.', base: 1 });
    assert.equal(note.version, 2);
    await page.client.request('note/save', { path: 'a.md', text: 'Third.', base: 2 });
    await page.client.request('note/save', { path: 'new.md', text: '# New', base: null });
    const added = await page.client.request('item/add', { title: 'Added', horizon: 'now' });
    await page.client.request('item/change', { itemId: added.item.id, done: true });
    await page.client.request('item/change', { itemId: item.id, title: 'Write it well', version: item.version });
    const moved = await page.client.request('item/move', { itemId: item.id, horizon: 'now', before: added.item.id });
    assert.ok(moved.item.place < added.item.place);
    // What was written twice is one.
    await page.when(() => page.offline.state.unsent.length === 7);
    await page[Symbol.asyncDispose]();

    // Before it is sent, and after another visit.
    await using again = await world.visit();
    assert.equal((await again.client.request('note/show', { note: 'a.md' })).text, 'Third.');
    assert.equal(
      (await again.client.request('task/show', { taskId: task.id })).task.waits,
      'waits for the server, in this browser',
    );
    await world.back();
    await isSent(again);
    await again.until('open');
    const { tasks } = await client.request('task/list', {});
    assert.deepEqual(
      tasks.map(({ id, instruction }) => [id, instruction]),
      [[task.id, 'Later.']],
    );
    const shown = await client.request('note/show', { note: 'a.md' });
    assert.deepEqual([shown.text, shown.note.version], ['Third.', 2]);
    assert.equal((await client.request('note/list', {})).total, 2);
    const { items } = await client.request('item/list', {});
    assert.deepEqual(
      items.map(({ title, horizon, doneAt }) => [title, horizon, doneAt !== null]),
      [
        ['Write it well', 'now', false],
        ['Added', 'now', true],
      ],
    );
    assert.deepEqual(again.troubles, []);
  });

  it('sends once what the server took before it went away', async () => {
    await using page = await leftAlone();
    const id = crypto.randomUUID();
    await page.client.request('task/submit', { id, kind: 'ask', instruction: 'Once.' });
    await page.client.request('note/save', { path: 'once.md', text: 'Once.', base: null });
    // The answers were lost on their way.
    await world.client.request('task/submit', { id, kind: 'ask', instruction: 'Once.' });
    await world.client.request('note/save', { path: 'once.md', text: 'Once.', base: null });
    await world.back();
    await isSent(page);
    assert.equal((await world.client.request('task/list', {})).total, 1);
    assert.equal((await world.client.request('note/show', { note: 'once.md' })).note.version, 1);
  });

  it('overwrites nothing: a conflict waits for the person', async () => {
    await world.client.request('note/save', { path: 'a.md', text: 'First.', base: null });
    const page = await leftAlone();
    await page.client.request('note/save', { path: 'a.md', text: 'Mine.', base: 1 });
    await page.client.request('note/save', { path: 'b.md', text: 'Fine.', base: null });
    await world.client.request('note/save', { path: 'a.md', text: 'Theirs.', base: 1 });
    await world.back();
    await page.when(() => page.offline.state.unsent.some(({ problem }) => problem !== null));
    await page.when(() => page.offline.state.unsent.length === 1);
    const [refused] = page.offline.state.unsent;
    assert.ok(refused?.problem);
    assert.equal(refused.problem.code, 'conflict');
    assert.equal(NoteConflict.parse(refused.problem.details).text, 'Theirs.');
    const text = async (note: string) => (await world.client.request('note/show', { note })).text;
    assert.deepEqual([await text('a.md'), await text('b.md')], ['Theirs.', 'Fine.']);
    await page[Symbol.asyncDispose]();

    await using again = await world.visit();
    await isKept(again);
    assert.equal(again.offline.state.unsent.length, 1, 'it is still there after a reload');
    await again.offline.saveAsCopy(refused.seq, '(mine)');
    assert.equal(again.offline.state.unsent.length, 0);
    assert.deepEqual([await text('a.md'), await text('a (mine).md')], ['Theirs.', 'Mine.']);
  });

  it('lets a person send again or discard what was refused', async () => {
    const { item } = await world.client.request('item/add', { title: 'One' });
    await using page = await leftAlone();
    await page.client.request('item/change', { itemId: item.id, title: 'Mine', version: item.version });
    await page.client.request('item/change', { itemId: item.id, due: '2027-01-15' });
    await world.client.request('item/change', { itemId: item.id, title: 'Theirs' });
    await world.back();
    await page.when(() => page.offline.state.unsent.some(({ problem }) => problem !== null));
    assert.deepEqual(
      page.offline.state.unsent.map(({ problem }) => problem?.code),
      ['conflict', undefined],
      'what comes behind it waits too',
    );
    await page.offline.drop(page.offline.state.unsent[0]?.seq ?? 0);
    await isSent(page);
    const { item: now } = await world.client.request('item/show', { itemId: item.id });
    assert.deepEqual([now.title, now.due], ['Theirs', '2027-01-15']);
  });

  it('keeps nothing behind a sign-out, here or elsewhere', async () => {
    await world.client.request('note/save', { path: 'a.md', text: 'Secret.', base: null });
    const page = await leftAlone();
    await page.client.request('note/save', { path: 'a.md', text: 'Unsent.', base: 1 });
    await page[Symbol.asyncDispose]();
    await world.served.carrier.signOutHubs();
    await world.back();
    await using signedOut = await world.visit();
    await signedOut.until('closed');
    await signedOut.when(() => signedOut.offline.state.unsent.length === 0);
    assert.equal(await code(signedOut.client.request('note/show', { note: 'a.md' })), 'unavailable');
    assert.deepEqual(await keptDatabases(), []);
    assert.equal((await world.client.request('note/show', { note: 'a.md' })).text, 'Secret.');
  });

  it('shows nothing any more when the session is over by time, and keeps what was not sent', async () => {
    await world.client.request('note/save', { path: 'a.md', text: 'Old.', base: null });
    const page = await leftAlone();
    await page.client.request('note/save', { path: 'mine.md', text: 'Mine.', base: null });
    await page[Symbol.asyncDispose]();
    world.time += 31 * DAY;
    {
      await using late = await world.visit();
      await late.until('waiting');
      assert.equal(await code(late.client.request('note/show', { note: 'a.md' })), 'unavailable');
      assert.equal(late.offline.state.unsent.length, 1);
    }
    await world.back();
    {
      await using out = await world.visit();
      await out.until('closed');
      assert.equal(out.offline.state.unsent.length, 1);
    }
    Object.assign(world.browser, await world.served.enter());
    await using again = await world.visit();
    await isSent(again);
    assert.equal((await world.client.request('note/show', { note: 'mine.md' })).text, 'Mine.');
  });

  it('drops what is gone from the server', async () => {
    const { note } = await world.client.request('note/save', { path: 'a.md', text: 'A.', base: null });
    const { item } = await world.client.request('item/add', { title: 'One' });
    await (await leftAlone())[Symbol.asyncDispose]();
    await world.client.request('note/remove', { note: note.id });
    await world.client.request('item/remove', { itemId: item.id });
    await world.back();
    const page = await world.visit();
    const before = page.offline.state.keptAt;
    world.time += 1000;
    await page.when(() => page.offline.state.keptAt !== before);
    await world.away();
    await page.until('waiting');
    await using _page = page;
    assert.equal((await page.client.request('note/list', {})).total, 0);
    assert.equal((await page.client.request('item/list', {})).total, 0);
    assert.equal(await code(page.client.request('note/show', { note: note.id })), 'unavailable');
  });
});
