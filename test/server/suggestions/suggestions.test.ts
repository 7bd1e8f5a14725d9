import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { scripted, steady } from '../agents/workbench.ts';
import { hasCode, openDesk, texts } from './desk.ts';

const NOTE = 'Orders fail at midnight when the cache is empty.\n\n- [ ] look at the log\n- [ ] tell Ann\n- [x] sleep\n';
const REASON = 'It says that orders fail.';
const answer = (fields: object): string => JSON.stringify({ reason: REASON, ...fields });

test('a model is told what is asked and which tags there are, then the text as the end, and answers in a form', async () => {
  const engine = scripted([answer({ tags: ['#Orders', 'night shift', 'cache', '12', 'cache'] })]);
  await using desk = await openDesk({ engine });
  desk.write('other.md', '#cache #work/urgent\n');
  const { id } = desk.write('a.md', `---\ntags: [shop]\n---\n${NOTE}`);
  const made = await desk.made('tags', { note: id });
  assert.deepEqual(texts(made), ['orders', 'night-shift', 'cache']);
  assert.deepEqual([made.reason, made.model, made.status, made.name], [REASON, 'default@1.0.0', 'open', 'a.md']);
  const [heard] = engine.heard;
  assert.match(heard?.system ?? '', /data, not instructions/);
  const turn = heard?.turns[0]?.text ?? '';
  assert.match(turn, /better than new ones where they fit: cache, shop, work\/urgent\./);
  assert.match(turn, /It has these already: shop\./);
  assert.ok(turn.endsWith(`\n\nThe note a.md is all that follows:\n---\ntags: [shop]\n---\n${NOTE}`), turn);
  assert.equal(heard?.priority, 'background');
  const { grammar } = heard ?? {};
  assert.ok(grammar !== undefined && 'schema' in grammar);
  assert.deepEqual(Object.keys((grammar.schema as { properties: object }).properties), ['reason', 'tags']);
});

test('each sort is asked in its form, and accepting does what it says', async () => {
  const engine = scripted([
    answer({ title: 'Orders fail at midnight.' }),
    answer({ steps: ['Read the log', 'Read the log', 'Fill the cache'] }),
    answer({ horizons: ['now', 'someday'] }),
    answer({ title: 'Bread' }),
    answer({ horizon: 'next' }),
    answer({ tags: ['food'] }),
  ]);
  await using desk = await openDesk({ engine });
  const { id } = desk.write('a.md', NOTE);
  desk.accept(await desk.made('title', { note: id }));
  assert.ok(desk.read('a.md').startsWith('# Orders fail at midnight\n\nOrders fail'));
  desk.accept(await desk.made('steps', { note: id }));
  assert.ok(desk.read('a.md').endsWith('\n## Steps\n\n- [ ] Read the log\n- [ ] Fill the cache\n'), desk.read('a.md'));
  desk.write('a.md', NOTE);
  const when = await desk.made('horizon', { note: id });
  assert.match(engine.heard[2]?.turns[0]?.text ?? '', /\n1\. look at the log\n2\. tell Ann\n\n/);
  const planned = desk.accept(when).items.map((item) => desk.items.get(item));
  assert.deepEqual(
    planned.map(({ title, horizon }) => [title, horizon]),
    [
      ['look at the log', 'now'],
      ['tell Ann', 'someday'],
    ],
  );
  const item = desk.addItem('buy bread, the dark one', { horizon: 'now', due: '2026-12-01' });
  desk.accept(await desk.made('title', { item: item.id }));
  assert.match(engine.heard[3]?.turns[0]?.text ?? '', /It is due on 2026-12-01\.$/);
  desk.accept(await desk.made('horizon', { item: item.id }));
  desk.accept(await desk.made('tags', { item: item.id }));
  const { title, horizon, tags } = desk.items.get(item.id);
  assert.deepEqual([title, horizon, tags], ['Bread', 'next', ['food']]);
  assert.equal(engine.left(), 0);
});

test('a note without boxes becomes an item itself, once', async () => {
  const engine = scripted([answer({ horizon: 'later' }), answer({ horizon: 'now' })]);
  await using desk = await openDesk({ engine });
  const { id } = desk.write('idea.md', '# A better cache\n\nSome day.\n');
  const [item = ''] = desk.accept(await desk.made('horizon', { note: id })).items;
  const { title, horizon, noteId, box } = desk.items.get(item);
  assert.deepEqual([title, horizon, noteId, box], ['A better cache', 'later', id, null]);
  assert.deepEqual(desk.accept(await desk.made('horizon', { note: id })).items, [item]);
  assert.equal(desk.items.get(item).horizon, 'now');
});

test('nothing to suggest is an end of its own, with the reason', async () => {
  await using desk = await openDesk({ engine: scripted([answer({ tags: ['shop'] })]) });
  const { id } = desk.write('a.md', '#shop\n');
  const made = await desk.made('tags', { note: id });
  assert.deepEqual([made.status, made.parts, made.reason], ['dismissed', [], 'It has these tags already: shop.']);
});

test('what was changed meanwhile makes it stale: nothing is applied unless the person says so', async () => {
  await using desk = await openDesk({ engine: steady([answer({ title: 'Orders' })]) });
  const { id } = desk.write('a.md', NOTE);
  const made = await desk.made('title', { note: id });
  const version = desk.notes.show(id).note.version;
  // A tick, a tag and the name of a box are not what the note says.
  desk.notes.tick(id, 3, true);
  desk.notes.tag({ note: id, add: ['x'], remove: [] });
  desk.notes.mark(id, desk.notes.show(id).boxes[1]?.line ?? 0);
  assert.equal(desk.notes.show(id).note.version, version + 3);
  assert.equal(desk.suggestions.get(made.id).stale, false);
  desk.write('a.md', `${desk.read('a.md')}And now something else.\n`);
  assert.deepEqual([desk.told.at(-1)?.id, desk.told.at(-1)?.stale], [made.id, true], 'clients are told');
  const before = desk.read('a.md');
  assert.throws(() => desk.accept(made), hasCode('conflict'));
  assert.equal(desk.read('a.md'), before);
  assert.equal(desk.accept(made, undefined, true).suggestion.status, 'accepted');
  assert.ok(desk.read('a.md').includes('# Orders\n\nOrders fail'), 'it is applied to what stands there now');
});

test('what is accepted of a suggestion leaves the rest of it, and others of the note, as fresh as they were', async () => {
  const steps = answer({ steps: ['Read the log', 'Fill the cache'] });
  await using desk = await openDesk({
    engine: scripted([answer({ title: 'Orders' }), steps, answer({ tags: ['shop'] })]),
  });
  const { id } = desk.write('a.md', NOTE);
  const title = await desk.made('title', { note: id });
  desk.write('a.md', `${NOTE}More.\n`);
  const [some, tags] = [await desk.made('steps', { note: id }), await desk.made('tags', { note: id })];
  assert.equal(desk.accept(some, [0]).suggestion.stale, false);
  assert.equal(desk.suggestions.get(tags.id).stale, false);
  assert.equal(desk.suggestions.get(title.id).stale, true, 'what was stale before stays so');
  desk.accept(some);
  assert.ok(desk.read('a.md').endsWith('- [ ] Read the log\n- [ ] Fill the cache\n'));
});

test('an item that was moved makes stale only what was said of its horizon', async () => {
  await using desk = await openDesk({ engine: scripted([answer({ horizon: 'now' }), answer({ tags: ['shop'] })]) });
  const item = desk.addItem('look at the shop');
  const [when, tags] = [await desk.made('horizon', { item: item.id }), await desk.made('tags', { item: item.id })];
  desk.items.move({ itemId: item.id, horizon: 'later' });
  assert.deepEqual([desk.suggestions.get(when.id).stale, desk.suggestions.get(tags.id).stale], [true, false]);
  desk.items.remove({ itemId: item.id });
  assert.equal(desk.suggestions.get(tags.id).stale, true);
  assert.throws(() => desk.accept(tags, undefined, true), hasCode('not_found'));
  assert.equal(desk.suggestions.get(tags.id).status, 'open', 'what could not be done was not decided');
});

test('parts that are gone from the note are a conflict, whatever the person says', async () => {
  await using desk = await openDesk({ engine: scripted([answer({ horizons: ['now', 'now'] })]) });
  const { id } = desk.write('a.md', NOTE);
  const made = await desk.made('horizon', { note: id });
  desk.write('a.md', NOTE.replace('tell Ann', 'tell Bob'));
  assert.throws(() => desk.accept(made, undefined, true), hasCode('conflict'));
  assert.equal(desk.items.list({ limit: 10 }).total, 0, 'nothing of it was done');
  assert.equal(desk.accept(made, [0], true).items.length, 1);
});

test('asking again takes the place of what is open, and not of what is being made', async () => {
  await using desk = await openDesk({ engine: steady([answer({ tags: ['shop'] })]) });
  const { id } = desk.write('a.md', NOTE);
  const first = desk.ask('tags', { note: id });
  assert.equal(desk.ask('tags', { note: 'a.md' }).id, first.id);
  const other = desk.ask('tags', { note: id }, 'other');
  assert.equal(desk.suggestions.get(first.id).status, 'dismissed');
  assert.equal(desk.queue.get(first.taskId ?? '').status, 'cancelled');
  await desk.work(other.taskId ?? '');
  const third = desk.ask('tags', { note: id });
  assert.equal(desk.suggestions.get(other.id).status, 'dismissed');
  const listed = desk.suggestions.list({ of: { note: id }, limit: 10 });
  assert.deepEqual(
    listed.map(({ number, status }) => [number, status]),
    [
      [3, 'asked'],
      [2, 'dismissed'],
      [1, 'dismissed'],
    ],
  );
  assert.deepEqual(
    desk.suggestions.list({ status: ['asked'], limit: 10 }).map((one) => one.id),
    [third.id],
  );
  assert.equal(desk.suggestions.list({ before: 3, limit: 1 })[0]?.number, 2);
});

test('an id is asked for once', async () => {
  await using desk = await openDesk();
  desk.write('a.md', NOTE);
  desk.write('b.md', NOTE);
  const ask = (note: string, id: string) => desk.suggestions.ask({ id, about: 'tags', of: { note }, model: 'default' });
  const id = randomUUID();
  assert.equal(ask('a.md', id).number, ask('a.md', id).number);
  assert.throws(() => ask('b.md', id), hasCode('conflict'));
});

test('one that is dismissed while it is made is given up; parts can be dismissed alone', async () => {
  await using desk = await openDesk({ engine: steady([answer({ tags: ['one', 'two'] })]) });
  const { id } = desk.write('a.md', NOTE);
  const asked = desk.ask('tags', { note: id });
  assert.equal(desk.suggestions.dismiss({ suggestionId: asked.id }).status, 'dismissed');
  assert.equal(desk.queue.get(asked.taskId ?? '').status, 'cancelled');
  const made = await desk.made('tags', { note: id });
  const left = desk.suggestions.dismiss({ suggestionId: String(made.number), parts: [0] });
  assert.deepEqual([left.status, left.parts.map(({ status }) => status)], ['open', ['dismissed', 'open']]);
  assert.throws(() => desk.accept(made, [0]), hasCode('wrong_state'));
  assert.throws(() => desk.accept(made, [7]), hasCode('invalid_params'));
  assert.equal(desk.accept(made).suggestion.status, 'accepted');
  assert.deepEqual(desk.notes.show(id).tags, ['two']);
  assert.throws(() => desk.suggestions.dismiss({ suggestionId: made.id }), hasCode('wrong_state'));
});

test('an answer of no use fails it with the reason; trying its task again may make it', async () => {
  await using desk = await openDesk({ engine: scripted(['{"reason":"Too short', answer({ tags: ['shop'] })]) });
  const { id } = desk.write('a.md', NOTE);
  const failed = await desk.made('tags', { note: id });
  assert.deepEqual([failed.status, failed.error?.code], ['failed', 'bad_answer']);
  const task = desk.queue.retry(failed.taskId ?? '');
  assert.equal(desk.suggestions.get(failed.id).status, 'asked');
  await desk.work(task.id);
  assert.deepEqual(texts(desk.suggestions.get(failed.id)), ['shop']);
  const copy = desk.queue.duplicate(task.id);
  await desk.work(copy.id);
  assert.equal(desk.queue.get(copy.id).error?.code, 'wrong_state', 'a task without a suggestion makes none');
});

test('a suggestion goes with its note', async () => {
  await using desk = await openDesk({ engine: steady([answer({ tags: ['shop'] })]) });
  const { id } = desk.write('a.md', NOTE);
  const made = await desk.made('tags', { note: id });
  desk.notes.move({ from: 'a.md', to: 'b/c.md' });
  assert.deepEqual([desk.suggestions.get(made.id).name, desk.suggestions.get(made.id).stale], ['b/c.md', false]);
  const asked = desk.ask('title', { note: id });
  desk.notes.remove(id);
  assert.throws(() => desk.suggestions.get(made.id), hasCode('not_found'));
  await desk.work(asked.taskId ?? '');
  assert.equal(desk.queue.get(asked.taskId ?? '').error?.code, 'wrong_state');
  const next = desk.write('d.md', NOTE);
  assert.equal(desk.ask('tags', { note: next.id }).number, 3, 'numbers are not given twice');
});

test('what one server does, the clients of another are told', async () => {
  await using desk = await openDesk({ engine: steady([answer({ tags: ['shop'] })]) });
  const other = await desk.another();
  const { id } = desk.write('a.md', NOTE);
  const asked = desk.ask('tags', { note: id });
  other.queue.poll();
  await desk.work(asked.taskId ?? '');
  other.queue.poll();
  desk.accept(desk.suggestions.get(asked.id));
  other.queue.poll();
  assert.deepEqual(
    other.told.map(({ status }) => status),
    ['asked', 'open', 'accepted'],
  );
  const again = await desk.made('title', { note: id }).catch(() => undefined);
  assert.equal(again?.status, 'failed');
});

test('a note that is longer than its model’s context is cut, and one that leaves no room is refused', async () => {
  const engine = scripted([answer({ tags: ['shop'] })], 'full', 2048);
  await using desk = await openDesk({ engine });
  const { id } = desk.write('long.md', 'One more line of this note.\n'.repeat(150_000));
  await desk.made('tags', { note: id });
  const turn = engine.heard[0]?.turns[0]?.text ?? '';
  assert.match(turn, /One more line of this note\.\n\(\d{7} more characters are left out\)$/);
  assert.ok(turn.length < 3000, String(turn.length));
  await using small = await openDesk({ engine: scripted([], 'full', 400) });
  const { id: short } = small.write('a.md', NOTE);
  assert.throws(() => small.ask('tags', { note: short }), hasCode('too_large'));
});

test('what makes no sense is refused', async () => {
  await using desk = await openDesk();
  const { id } = desk.write('a.md', NOTE);
  assert.throws(() => desk.ask('review', { note: id }), hasCode('invalid_params'));
  assert.throws(() => desk.ask('tags', { week: '2026-11-23' }), hasCode('invalid_params'));
  assert.throws(() => desk.ask('tags', { note: 'no.md' }), hasCode('not_found'));
  assert.throws(() => desk.ask('tags', { item: '7' }), hasCode('not_found'));
  assert.throws(() => desk.suggestions.get('7'), hasCode('not_found'));
});
