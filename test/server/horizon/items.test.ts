import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Item, methods, OspainError, type Params } from '../../../protocol/index.ts';
import { openQueue } from '../tasks/queueFixture.ts';
import { createPlan, titles } from './planFixture.ts';

const hasCode =
  (code: string, message = /./) =>
  (thrown: unknown) =>
    thrown instanceof OspainError && thrown.code === code && message.test(thrown.message);

async function openPlan() {
  const fixture = await openQueue();
  const now = () => fixture.clock.now;
  const plan = createPlan({ db: fixture.db, now });
  return {
    ...plan,
    ...{ fixture, now },
    /** Another server of the same workspace. */
    another: async () => createPlan({ db: (await fixture.another()).db, now }),
    [Symbol.dispose]: () => fixture[Symbol.dispose](),
  };
}

describe('items', { timeout: 120_000 }, () => {
  it('are kept with all that was said of them', async () => {
    using plan = await openPlan();
    const first = plan.add('Before it.');
    const id = randomUUID();
    const said: Omit<Params<'item/add'>, 'title'> & { tags: string[]; dependsOn: string[] } = {
      ...{ horizon: 'now', estimate: 90, start: '2026-11-23', due: '2026-11-30', needsPerson: false },
      ...{ tags: ['api', 'größe'], noteId: 'n', box: 'b', dependsOn: [first.id] },
    };
    const item = plan.add('  Write\tit  up. ', { id, ...said, tags: [...said.tags, 'api'], dependsOn: [first.id] });
    assert.deepEqual(item, {
      ...{ id, number: 2, title: 'Write it up.', place: item.place, ...said },
      ...{ doneAt: null, doneOn: null, doneBy: null, tasks: [], scheduleId: null, version: 1 },
      ...{ createdAt: plan.now(), updatedAt: plan.now() },
    });
    assert.deepEqual(plan.items.get('2'), item);
    assert.deepEqual(plan.list(), [item, first]);
    assert.deepEqual(
      plan.told.filter((one) => one === id || (one as Item).id === id),
      [item],
    );
  });

  it('are added once, however often that is heard', async () => {
    using plan = await openPlan();
    const id = randomUUID();
    const params = methods['item/add'].params.parse({ id, title: 'Once.' });
    const added = plan.items.add(params);
    assert.deepEqual(plan.items.add(params), added);
    plan.change(id, { title: 'Twice.' });
    assert.equal(plan.items.add(params).item.title, 'Twice.');
    assert.throws(() => plan.items.add({ ...params, title: 'Other.' }), hasCode('conflict'));
    plan.items.remove({ itemId: id });
    assert.throws(() => plan.items.add(params), hasCode('not_found', /was removed/));
    assert.deepEqual(plan.list(), []);
  });

  it('change, once for each change that a client names, and not when they are as asked already', async () => {
    using plan = await openPlan();
    const { id } = plan.add('One.');
    const changeId = randomUUID();
    const changed = plan.change(id, { due: '2026-12-01', changeId });
    assert.deepEqual([changed.due, changed.version], ['2026-12-01', 2]);
    plan.change(id, { due: null });
    assert.deepEqual(plan.change(id, { due: '2026-12-01', changeId }).due, null);
    const other = plan.add('Two.');
    assert.throws(() => plan.change(other.id, { due: null, changeId }), hasCode('conflict'));
    plan.fixture.clock.now += 5;
    const same = plan.items.change({ itemId: id, title: 'One.', tags: [] });
    assert.deepEqual([same.change, same.item.version], [null, 3]);
    assert.throws(() => plan.change(id, { due: '2026-12-02', version: 2 }), hasCode('conflict', /changed meanwhile/));
    assert.equal(plan.change(id, { due: '2026-12-02', version: 3 }).version, 4);
    assert.throws(() => plan.change(id, { start: '2026-12-03' }), hasCode('invalid_params', /due on 2026-12-02/));
  });

  it('are done on the day that it is, and open again', async () => {
    using plan = await openPlan();
    const { id } = plan.add('One.');
    const done = plan.change(id, { done: true });
    assert.deepEqual([done.doneAt, done.doneOn, done.doneBy], [plan.now(), '2023-11-14', null]);
    plan.fixture.clock.now += 1e9;
    assert.deepEqual(plan.change(id, { done: true }), done);
    assert.equal(plan.change(id, { done: false }).doneAt, null);
    assert.deepEqual(plan.undo()?.doneAt, done.doneAt);
  });

  it('move before others, to the end, and to other horizons', async () => {
    using plan = await openPlan();
    const [a, b, c] = ['a', 'b', 'c'].map((title) => plan.add(title, { horizon: 'now' }).id);
    assert.ok(a && b && c);
    plan.move(c, { horizon: 'now', before: a });
    assert.equal(titles(plan.list()), 'c a b');
    plan.move(c, { horizon: 'now' });
    assert.equal(titles(plan.list()), 'a b c');
    const before = plan.items.get(a).version;
    for (const target of [b, a]) plan.move(a, { horizon: 'now', before: target });
    assert.equal(plan.items.get(a).version, before, 'it stands there already');
    plan.move(b, { horizon: 'next' });
    plan.move(a, { horizon: 'next', before: b });
    assert.equal(titles(plan.list()), 'c a b');
    assert.equal(titles(plan.list({ horizon: ['next'] })), 'a b');
    // What stands in another horizon is no place in this one.
    plan.move(b, { horizon: 'now', before: a });
    assert.equal(titles(plan.list()), 'c b a');
    const first = plan.add('first', { horizon: 'now', before: c });
    assert.equal(titles(plan.list()), 'first c b a');
    assert.throws(() => plan.move(a, { horizon: 'now', before: 'gone' }), hasCode('not_found'));
    plan.items.remove({ itemId: first.id });
    assert.throws(() => plan.move(a, { horizon: 'now', before: first.id }), hasCode('not_found', /removed/));
  });

  it('are listed in pages, and by what is asked for', async () => {
    using plan = await openPlan();
    for (let n = 0; n < 25; n++)
      plan.add(`item ${n}`, {
        horizon: n % 2 ? 'next' : 'someday',
        tags: n % 5 ? [] : ['five'],
        noteId: n === 3 ? 'x' : null,
      });
    const pages: Item[] = [];
    for (let after: string | undefined; ; after = pages.at(-1)?.id) {
      const { items, total } = plan.items.list({ limit: 7, after });
      assert.equal(total, 25);
      if (items.length === 0) break;
      pages.push(...items);
    }
    assert.deepEqual(pages, plan.list());
    assert.equal(new Set(pages.map(({ id }) => id)).size, 25);
    assert.equal(titles(plan.list({ tag: 'five' })), 'item 5 item 15 item 0 item 10 item 20');
    assert.equal(titles(plan.list({ noteId: 'x' })), 'item 3');
    assert.equal(titles(plan.list({ text: 'ITEM 24' })), 'item 24');
    plan.change('2', { done: true });
    assert.equal(titles(plan.list({ done: true })), 'item 1');
    assert.equal(plan.items.list({ limit: 1, done: false }).total, 24);
  });

  it('wait for others, but never for themselves', async () => {
    using plan = await openPlan();
    const [a, b, c] = ['a', 'b', 'c'].map((title) => plan.add(title).id);
    assert.ok(a && b && c);
    plan.change(b, { dependsOn: ['1'] });
    assert.deepEqual(plan.items.get(b).dependsOn, [a], 'by its number, too');
    plan.change(c, { dependsOn: [b] });
    for (const [item, on] of [
      [a, a],
      [a, c],
    ] as const)
      assert.throws(() => plan.change(item, { dependsOn: [on] }), hasCode('conflict', /wait for itself/));
    const { change } = plan.items.remove({ itemId: b });
    assert.deepEqual(plan.items.get(c).dependsOn, []);
    plan.change(a, { dependsOn: [c] });
    // With it the circle would come back.
    assert.throws(() => plan.undo(change), hasCode('conflict', /wait for itself/));
    plan.change(a, { dependsOn: [] });
    assert.throws(() => plan.change(a, { dependsOn: ['gone'] }), hasCode('not_found'));
  });
});

describe('undo and redo', { timeout: 120_000 }, () => {
  it('go through every change, also after a restart and on another server', async () => {
    using plan = await openPlan();
    const { id } = plan.add('One.', { horizon: 'later' });
    plan.change(id, { title: 'Two.', estimate: 30 });
    plan.move(id, { horizon: 'now' });
    plan.change(id, { done: true });
    plan.items.remove({ itemId: id });
    const other = await plan.another();
    const history = other.items.list({ limit: 1 }).history;
    assert.deepEqual([history.undo?.deed, history.undo?.title, history.redo], ['remove', 'Two.', null]);
    const seen = [];
    for (let n = 0; n < 5; n++) {
      const item = other.undo();
      seen.push(item && `${item.title} ${item.horizon} ${item.estimate} ${item.doneOn}`);
    }
    assert.deepEqual(seen, [
      'Two. now 30 2023-11-14',
      'Two. now 30 null',
      'Two. later 30 null',
      'One. later null null',
      null,
    ]);
    assert.throws(() => other.undo(), hasCode('wrong_state', /nothing to undo/));
    plan.told.length = 0;
    plan.queue.poll();
    assert.deepEqual(
      plan.told.filter((one) => typeof one === 'string'),
      [id],
    );
    for (let n = 0; n < 4; n++) plan.redo();
    assert.deepEqual([plan.items.get(id).doneOn, plan.items.get(id).title], ['2023-11-14', 'Two.']);
    assert.equal(plan.redo(), null);
    assert.throws(() => plan.redo(), hasCode('wrong_state', /nothing to redo/));
  });

  it('say so when they no longer fit, and change nothing then', async () => {
    using plan = await openPlan();
    const { id } = plan.add('One.');
    const { change } = plan.items.change({ itemId: id, title: 'Two.' });
    plan.items.change({ itemId: id, title: 'Three.' });
    assert.ok(change !== null);
    assert.throws(() => plan.undo(change), hasCode('conflict', /changed since/));
    assert.equal(plan.items.get(id).title, 'Three.');
    plan.items.change({ itemId: id, estimate: 5 });
    plan.undo(change + 1);
    assert.deepEqual([plan.items.get(id).title, plan.items.get(id).estimate], ['Two.', 5], 'what else was done stays');
    for (const wrong of [0, 999, change + 1, change + 3]) assert.throws(() => plan.undo(wrong), hasCode('wrong_state'));
    plan.add('Something else.');
    assert.throws(() => plan.redo(), hasCode('wrong_state'), 'what was undone before is given up');
  });
});
