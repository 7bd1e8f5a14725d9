import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { openQueue } from './queueFixture.ts';

test('everything that can be asked for comes back, and is part of what an id stands for', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const [parent, first, second] = [fixture.ask(), fixture.ask(), fixture.ask()];
  const wishes = {
    id: randomUUID(),
    parentId: String(parent.number),
    dependsOn: [
      { taskId: second.id, onFailure: 'hold' as const },
      { taskId: String(first.number) },
      { taskId: first.id },
    ],
    priority: 7,
    notBefore: clock.now + 1000,
    maxAttempts: 5,
  };
  const task = fixture.ask(wishes);
  assert.deepEqual(
    { ...task },
    {
      ...fixture.queue.get(task.id),
      parentId: parent.id,
      dependsOn: [
        { taskId: first.id, onFailure: 'cancel' },
        { taskId: second.id, onFailure: 'hold' },
      ],
      priority: 7,
      notBefore: clock.now + 1000,
      maxAttempts: 5,
      status: 'blocked',
      waits: `waits for #${first.number} and 1 more`,
    },
  );
  assert.deepEqual(fixture.ask({ ...wishes, parentId: parent.id }), task, 'by number or by id is the same');
  queue.prioritize(task.id, 3);
  assert.equal(fixture.ask(wishes).priority, 3, 'also when a person has changed it since');
  const others = [
    { parentId: undefined },
    { parentId: first.id },
    { dependsOn: [] },
    { dependsOn: [{ taskId: second.id, onFailure: 'run' as const }, { taskId: first.id }] },
    { priority: 3 },
    { notBefore: 0 },
    { maxAttempts: 4 },
    { model: 'other' },
    { kind: 'tag' as const },
  ];
  for (const other of others)
    assert.throws(() => fixture.ask({ ...wishes, ...other }), { code: 'conflict' }, JSON.stringify(other));
  assert.equal(queue.list({ limit: 9 }).total, 4);
});

test('what is answered and told without reading is what is there', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const ended = fixture.ask({ context: { path: 'a.ts' } });
  const { fence } = fixture.claim();
  fixture.queue.emit(ended.id, fence, 'text', { turn: 1, text: 'a' }, { progress: 'Writing' });
  queue.complete(ended.id, fence, 'ok');
  assert.deepEqual(told.at(-1)?.task, queue.get(ended.id));
  for (const paused of [false, true]) {
    queue.setPaused(paused);
    for (const wishes of [
      {},
      { priority: 7, maxAttempts: 5, autoAccept: 'edits' as const, model: 'another' },
      { context: { path: 'a.ts', text: 'text' } },
      { context: { path: 'a.ts', text: undefined } },
      { parentId: ended.id, dependsOn: [{ taskId: ended.id, onFailure: 'hold' as const }] },
    ]) {
      const task = fixture.ask(wishes);
      assert.deepEqual(task, queue.get(task.id));
      assert.deepEqual(told.findLast(({ events }) => events.length > 0)?.task, task);
    }
  }
});

test('what cannot be is refused with a code, and nothing is written', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const cancelled = fixture.ask();
  queue.cancel(cancelled.id);
  const running = fixture.ask();
  fixture.claim();
  queue.cancel(running.id);
  const there = fixture.ask();
  const id = randomUUID();
  const refused: Array<[Parameters<typeof fixture.ask>[0], string, RegExp]> = [
    [{ dependsOn: [{ taskId: there.id }, { taskId: 'x' }] }, 'not_found', /"x"/],
    [{ dependsOn: [{ taskId: '99' }] }, 'not_found', /"99"/],
    [{ parentId: randomUUID() }, 'not_found', /no task/],
    [{ id, dependsOn: [{ taskId: there.id }, { taskId: id }] }, 'conflict', new RegExp(`${id} would wait for itself`)],
    [{ id: there.id, dependsOn: [{ taskId: String(there.number) }] }, 'conflict', /would wait for itself/],
    [{ dependsOn: [{ taskId: there.id }, { taskId: there.id, onFailure: 'run' }] }, 'conflict', /#3 in two ways/],
    [{ parentId: cancelled.id }, 'wrong_state', /#1 was cancelled/],
    [{ parentId: running.id }, 'wrong_state', /#2 was cancelled/],
  ];
  const rows = () =>
    ['tasks', 'events', 'task_dependencies'].map((table) => db.prepare(`SELECT * FROM ${table}`).all());
  const before = rows();
  for (const [wishes, code, message] of refused)
    assert.throws(() => fixture.ask(wishes), { code, message }, JSON.stringify(wishes));
  assert.deepEqual(rows(), before);
  assert.throws(() => db.exec("INSERT INTO task_dependencies VALUES (1, 3, 'cancel', 1)"), /CHECK/);
  assert.throws(() => db.exec('UPDATE tasks SET priority = -1'), /CHECK/);
});

test('a task that is not due yet is delayed, and goes when its time has come', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const late = fixture.ask({ notBefore: clock.now + 5000 });
  const past = fixture.ask({ notBefore: clock.now });
  assert.deepEqual([late.status, past.status], ['delayed', 'pending']);
  assert.match(late.waits ?? '', /^not before /);
  assert.equal(queue.nextDue(), clock.now + 5000);
  assert.equal(fixture.claim().task.id, past.id);
  assert.equal(queue.claim('here', 1), null);
  clock.now += 5000;
  assert.equal(fixture.claim().task.id, late.id);
  assert.deepEqual(fixture.types(late.id), ['submitted', 'waiting', 'started']);
});

test('a copy asks for the same, now', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const [parent, first] = [fixture.ask({ instruction: 'whole' }), fixture.ask({ instruction: 'first' })];
  const task = fixture.ask({
    kind: 'agent',
    instruction: 'second',
    context: { path: 'a.ts', text: 'let a' },
    model: 'fast',
    autoAccept: 'edits',
    parentId: parent.id,
    dependsOn: [{ taskId: first.id }],
    notBefore: clock.now + 1000,
    maxAttempts: 2,
  });
  queue.prioritize(task.id, 4);
  const copy = queue.duplicate(task.id);
  assert.deepEqual(copy, {
    ...task,
    id: copy.id,
    number: task.number + 1,
    priority: 4,
    dependsOn: [],
    notBefore: 0,
    status: 'pending',
    waits: 'waits for its turn',
    lastSeq: 1,
  });
  assert.notEqual(copy.id, task.id);
  queue.cancel(parent.id);
  assert.equal(queue.duplicate(task.id).parentId, null, 'a cancelled whole gets no new parts');
  assert.throws(() => queue.duplicate('99'), { code: 'not_found' });
});
