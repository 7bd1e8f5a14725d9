import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Item, OspainError } from '../../../protocol/index.ts';
import { openWorkbench } from '../agents/workbench.ts';
import { openQueue } from '../tasks/queueFixture.ts';
import { createPlan, type Plan, titles } from './planFixture.ts';

const hasCode =
  (code: string, message = /./) =>
  (thrown: unknown) =>
    thrown instanceof OspainError && thrown.code === code && message.test(thrown.message);

const ASK = { kind: 'ask', model: 'default', autoAccept: 'none' } as const;
const FILL = { kind: 'agent', model: 'default', autoAccept: 'none' } as const;

async function openPlan() {
  const fixture = await openQueue();
  const open = () => createPlan({ db: fixture.db, queue: fixture.queue, now: () => fixture.clock.now });
  return { ...open(), ...{ fixture, open }, [Symbol.dispose]: () => fixture[Symbol.dispose]() };
}

/** An item that a task may do alone. */
const alone = (plan: Plan, title: string, estimate: number | null = 60): Item =>
  plan.add(title, { horizon: 'now', needsPerson: false, estimate });

describe('tasks of items', { timeout: 120_000 }, () => {
  it('are started once, and an answer has the item done', async () => {
    using plan = await openPlan();
    const { id } = plan.add('What is this?');
    const taskId = randomUUID();
    const { task, item } = plan.itemTasks.start({ itemId: '1', taskId, ...ASK });
    assert.deepEqual([task.instruction, task.kind], ['What is this?', 'ask']);
    const [{ status, ...facts } = { status: null }] = item.tasks;
    assert.deepEqual([status, facts], ['pending', { id: taskId, number: 1, kind: 'ask', proposal: null }]);
    assert.deepEqual(plan.itemTasks.start({ itemId: id, taskId, ...ASK }).task, task);
    const other = plan.add('Other.');
    assert.throws(() => plan.itemTasks.start({ itemId: other.id, taskId, ...ASK }), hasCode('conflict'));
    plan.told.length = 0;
    plan.fixture.end(taskId, 'done');
    const done = plan.items.get(id);
    assert.deepEqual([done.doneBy, done.doneOn, done.tasks[0]?.status], [taskId, '2023-11-14', 'done']);
    assert.deepEqual(
      plan.told.findLast((one) => (one as Item).id === id),
      done,
    );
    assert.throws(() => plan.itemTasks.start({ itemId: id, ...ASK }), hasCode('wrong_state', /is done/));
    assert.equal(plan.undo(), null, 'a person takes back what a person did');
    assert.equal(plan.redo()?.title, 'Other.');
    assert.equal(plan.items.get(id).doneBy, taskId);
  });

  it('that fail, or are not there any more, leave the item open', async () => {
    using plan = await openPlan();
    const { id } = plan.add('What is this?');
    const { task } = plan.itemTasks.start({ itemId: id, ...ASK, instruction: 'Say it.' });
    assert.equal(task.instruction, 'Say it.');
    plan.fixture.end(task.id, 'failed');
    plan.itemTasks.start({ itemId: id, ...ASK });
    plan.fixture.end('2', 'cancelled');
    const { doneAt, tasks } = plan.items.get(id);
    assert.deepEqual([doneAt, tasks.map(({ status }) => status)], [null, ['failed', 'cancelled']]);
  });

  it('are known to have succeeded also when nobody was there to be told', async () => {
    using plan = await openPlan();
    const { id } = plan.add('What is this?');
    const { task } = plan.itemTasks.start({ itemId: id, ...ASK });
    const other = await plan.fixture.another();
    const claim = other.claim('w', 30_000);
    other.complete(claim?.task.id ?? '', claim?.fence ?? 0, 'It is this.');
    const later = plan.open();
    assert.deepEqual([later.items.get(id).doneAt, later.items.get(id).tasks[0]?.status], [null, 'done']);
    later.itemTasks.catchUp();
    assert.equal(later.items.get(id).doneBy, task.id);
    later.change(id, { done: false });
    later.itemTasks.catchUp();
    assert.equal(later.items.get(id).doneAt, null);
  });

  it('have the item done when their proposal is accepted, and open again when that is undone', async () => {
    await using bench = await openWorkbench({ 'a.ts': 'const A = 1;\n' });
    const plan = createPlan({ db: bench.db, queue: bench.queue, now: Date.now });
    const { id } = plan.add('Make A two.');
    const { task } = plan.itemTasks.start({ itemId: id, ...ASK, kind: 'agent' });
    bench.queue.transact(() => {
      const edit = { path: 'a.ts', before: 'const A = 1;\n', after: 'const A = 2;\n' };
      bench.proposals.put(bench.queue.get(task.id), [edit]);
    });
    assert.equal(plan.items.get(id).doneAt, null);
    await bench.proposals.accept(task.id);
    assert.deepEqual([bench.read('a.ts'), plan.items.get(id).doneBy], ['const A = 2;\n', task.id]);
    assert.equal(plan.items.get(id).tasks[0]?.proposal, 'accepted');
    await bench.proposals.undo(task.id);
    assert.deepEqual([bench.read('a.ts'), plan.items.get(id).doneAt], ['const A = 1;\n', null]);
    await bench.proposals.accept(task.id);
    assert.equal(plan.items.get(id).doneBy, task.id);
  });
});

describe('tonight', { timeout: 120_000 }, () => {
  it('is for what fits, needs nobody and waits for nothing, from the top', async () => {
    using plan = await openPlan();
    const [a, b] = [alone(plan, 'a'), alone(plan, 'b', 100)];
    alone(plan, 'c', 30);
    plan.add('person', { horizon: 'now', estimate: 5 });
    alone(plan, 'unestimated', null);
    const later = plan.add('later', { horizon: 'later', needsPerson: false, estimate: 5 });
    plan.change(alone(plan, 'blocked').id, { dependsOn: [later.id] });
    const running = alone(plan, 'running');
    plan.itemTasks.start({ itemId: running.id, ...ASK });
    const show = (minutes: number) => plan.tonight.show({ minutes, horizons: ['now', 'next'] });
    const found = show(120);
    assert.deepEqual([titles(found.items), found.minutes], ['a c', 90]);
    assert.deepEqual(found.leftOut, { person: 1, blocked: 1, unestimated: 1, tooLong: 1, busy: 1 });
    plan.change(later.id, { done: true });
    plan.move(b.id, { horizon: 'now', before: a.id });
    assert.equal(titles(show(160).items), 'b a');
    assert.equal(titles(show(1000).items), 'b a c blocked');
    plan.items.remove({ itemId: later.id });
    assert.equal(titles(show(1000).items), 'b a c blocked', 'what was removed holds nothing up');
    plan.fixture.end(plan.items.get(running.id).tasks[0]?.id ?? '', 'failed');
    assert.equal(titles(show(1000).items), 'b a c blocked running');
  });

  it('fills the time in which the machine is idle', async () => {
    using plan = await openPlan();
    const items = [alone(plan, 'a'), alone(plan, 'b')];
    plan.itemTasks.schedule(plan.tonight.ready(items.map(({ id }) => id)), FILL);
    const schedules = plan.schedules.list();
    assert.deepEqual(
      schedules.map(({ conditions, template }) => [conditions, template.instruction]),
      [
        [['idle'], 'a'],
        [['idle'], 'b'],
      ],
    );
    assert.deepEqual(
      plan.list().map(({ scheduleId }) => scheduleId),
      schedules.map(({ id }) => id),
    );
    assert.throws(() => plan.tonight.ready(['1']), hasCode('wrong_state', /has a task already/));
    plan.fixture.clock.now += 5000;
    plan.schedules.settle();
    assert.equal(plan.queue.list({ limit: 10 }).total, 0, 'the machine is not idle yet');
    plan.schedules.remove(schedules[1]?.id ?? '');
    assert.equal(plan.items.get('2').scheduleId, null, 'a person may think otherwise');
    plan.schedules.release(new Set(['idle']));
    const [task] = plan.queue.list({ limit: 10 }).tasks;
    const item = plan.items.get('1');
    assert.deepEqual([item.tasks[0]?.id, item.scheduleId, task?.instruction], [task?.id, null, 'a']);
    assert.deepEqual(plan.schedules.list(), [], 'they have done what they were made for');
  });

  it('refuses what may not be started any more', async () => {
    using plan = await openPlan();
    const [a, b] = [alone(plan, 'a'), alone(plan, 'b')];
    plan.change(b.id, { done: true });
    assert.throws(() => plan.tonight.ready([a.id, b.id]), hasCode('wrong_state', /Item 2 is done/));
    plan.change(b.id, { done: false, needsPerson: true });
    assert.throws(() => plan.tonight.ready([a.id, b.id]), hasCode('wrong_state', /Item 2 needs a person/));
    assert.throws(() => plan.tonight.ready(['gone']), hasCode('not_found'));
  });
});
