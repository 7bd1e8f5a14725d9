import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnFailure } from '../../../protocol/index.ts';
import { LEASE, openQueue, type QueueFixture } from './queueFixture.ts';

const after = (taskId: string, onFailure: OnFailure = 'cancel') => ({ dependsOn: [{ taskId, onFailure }] });
const waits = ({ queue }: QueueFixture, ref: string) => queue.get(ref).waits;

test('a task starts when all that it waits for are done', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const [a, b] = [fixture.ask(), fixture.ask()];
  const both = fixture.ask({ dependsOn: [{ taskId: b.id }, { taskId: a.id }] });
  assert.deepEqual([both.status, both.waits], ['blocked', 'waits for #1 and 1 more']);
  fixture.end(a.id, 'done');
  assert.deepEqual([fixture.status(both.id), waits(fixture, both.id)], ['blocked', 'waits for #2']);
  fixture.end(b.id, 'done');
  assert.deepEqual([fixture.status(both.id), waits(fixture, both.id)], ['pending', 'waits for its turn']);
  assert.equal(fixture.claim().task.id, both.id);
  assert.equal(queue.claim('here', LEASE), null);
  assert.deepEqual(
    queue.events(both.id).map(({ type, data }) => (type === 'waiting' ? data : type)),
    [
      'submitted',
      { status: 'blocked', reason: 'waits for #1 and 1 more' },
      { status: 'pending', reason: 'waits for its turn' },
      'started',
    ],
  );
  const late = fixture.ask(after(a.id));
  assert.equal(late.status, 'pending', 'what is done is not waited for');
});

test('a task that waits for others and for a time waits for both', async () => {
  using fixture = await openQueue();
  const a = fixture.ask();
  const b = fixture.ask({ ...after(a.id), notBefore: fixture.clock.now + 1000 });
  fixture.end(a.id, 'done');
  assert.equal(fixture.status(b.id), 'delayed');
  fixture.clock.now += 1000;
  assert.equal(fixture.claim().task.id, b.id);
});

test('what becomes of a task when one that it depends on does not succeed is said at its edge', async () => {
  for (const how of ['failed', 'cancelled'] as const) {
    using fixture = await openQueue();
    const a = fixture.ask();
    const [cancel, run, hold] = [
      fixture.ask(after(a.id)),
      fixture.ask(after(a.id, 'run')),
      fixture.ask(after(a.id, 'hold')),
    ];
    const ofCancel = fixture.ask(after(cancel.id, 'hold'));
    fixture.end(a.id, how);
    assert.deepEqual(
      [cancel, run, hold, ofCancel].map(({ id }) => [fixture.status(id), waits(fixture, id)]),
      [
        ['cancelled', null],
        ['pending', 'waits for its turn'],
        ['paused', `held: #1 ${how === 'failed' ? 'failed' : 'was cancelled'}`],
        ['paused', 'held: #2 was cancelled'],
      ],
    );
    // The same for who comes later.
    const later = (['cancel', 'run', 'hold'] as const).map((onFailure) => fixture.ask(after(a.id, onFailure)));
    assert.deepEqual(
      later.map(({ status }) => status),
      ['cancelled', 'pending', 'paused'],
    );
    assert.equal(fixture.types(later[0]?.id ?? '').at(-1), 'cancelled');
  }
});

test('a cascade goes as deep as it has to, and to everyone once', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const DEEP = 5000;
  const root = fixture.ask();
  db.transaction(() => {
    let last = root.id;
    for (let n = 0; n < DEEP; n++) last = fixture.ask({ ...after(last), parentId: n % 2 ? last : undefined }).id;
  })();
  queue.poll();
  fixture.end(root.id, 'failed');
  assert.deepEqual(queue.counts(), {
    ...{ blocked: 0, delayed: 0, paused: 0, pending: 0, running: 0 },
    ...{ done: 0, failed: 1, cancelled: DEEP },
  });
  const { n } = db.prepare<[], { n: number }>(`SELECT count(*) AS n FROM events WHERE type = 'cancelled'`).get() ?? {
    n: 0,
  };
  assert.equal(n, DEEP);
});

test('a held task waits again when what it depends on is tried again, and starts when that succeeds', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const [a, b] = [fixture.ask(), fixture.ask()];
  const held = fixture.ask({
    dependsOn: [
      { taskId: a.id, onFailure: 'hold' },
      { taskId: b.id, onFailure: 'hold' },
    ],
  });
  fixture.end(a.id, 'failed');
  fixture.end(b.id, 'failed');
  queue.retry(a.id);
  assert.equal(waits(fixture, held.id), 'held: #2 failed', 'the other one still failed');
  queue.retry(b.id);
  assert.equal(waits(fixture, held.id), 'waits for #1 and 1 more');
  fixture.end(a.id, 'done');
  fixture.end(b.id, 'done');
  assert.equal(fixture.status(held.id), 'pending');
});

test('a person may let a held task run anyway, or wait for what is still open', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const [a, b] = [fixture.ask(), fixture.ask()];
  const held = fixture.ask({
    dependsOn: [
      { taskId: a.id, onFailure: 'hold' },
      { taskId: b.id, onFailure: 'hold' },
    ],
  });
  fixture.end(a.id, 'failed');
  assert.equal(queue.resume(held.id).waits, 'waits for #2');
  fixture.end(b.id, 'failed');
  assert.equal(fixture.status(held.id), 'paused');
  assert.equal(queue.resume(held.id).status, 'pending');
  queue.retry(a.id);
  assert.equal(fixture.status(held.id), 'pending', 'that was decided');
});

test('cancelled dependents stay so; tried again they wait, in whatever order that happens', async () => {
  for (const order of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    using fixture = await openQueue();
    const { queue } = fixture;
    const tasks: Record<string, string> = {};
    tasks['a'] = fixture.ask().id;
    tasks['b'] = fixture.ask(after(tasks['a'])).id;
    fixture.end(tasks['a'], 'failed');
    assert.equal(fixture.status(tasks['b']), 'cancelled');
    for (const name of order) {
      queue.retry(tasks[name] ?? '');
      if (order[0] === name)
        assert.deepEqual(
          [fixture.status('1'), fixture.status('2')],
          name === 'a' ? ['pending', 'cancelled'] : ['failed', 'paused'],
        );
    }
    assert.deepEqual([fixture.status('1'), fixture.status('2')], ['pending', 'blocked']);
    fixture.end(tasks['a'], 'done');
    fixture.end(tasks['b'], 'done');
  }
});

test('a task that a person paused does not start when it is freed, and goes where it belongs when resumed', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const a = fixture.ask();
  const [free, open, gone] = [fixture.ask(after(a.id)), fixture.ask(), fixture.ask(after(a.id, 'hold'))];
  const waiting = fixture.ask(after(open.id));
  for (const { id } of [free, gone, waiting]) queue.pause(id);
  fixture.end(a.id, 'done');
  assert.equal(fixture.status(free.id), 'paused');
  assert.equal(queue.resume(free.id).status, 'pending');
  assert.equal(queue.resume(waiting.id).status, 'blocked');

  const b = fixture.ask();
  const hold = fixture.ask(after(b.id, 'hold'));
  queue.pause(hold.id);
  fixture.end(b.id, 'failed');
  assert.equal(waits(fixture, hold.id), 'paused by a person');
  assert.equal(queue.resume(hold.id).waits, `held: #${b.number} failed`, 'it hears of it now');
  assert.equal(queue.resume(hold.id).status, 'pending');
});

test('a cancelled whole takes its unfinished parts with it, and theirs', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const whole = fixture.ask({ instruction: 'whole' });
  const parts = ['done', 'runs', 'waits'].map((instruction) => fixture.ask({ instruction, parentId: whole.id }));
  const [done, runs, waiting] = parts.map(({ id }) => id);
  fixture.end(done ?? '', 'done');
  const partOfRunning = fixture.ask({ parentId: runs });
  const dependent = fixture.ask({ dependsOn: [{ taskId: waiting ?? '', onFailure: 'run' }] });
  queue.prioritize(runs ?? '', 9);
  const { fence } = fixture.claim();
  assert.deepEqual(queue.get(whole.id).children, { total: 3, ended: 1 });
  told.length = 0;
  queue.cancel(whole.id);
  assert.deepEqual(
    [done, runs, waiting, partOfRunning.id, dependent.id].map((id) => fixture.status(id ?? '')),
    ['done', 'running', 'cancelled', 'cancelled', 'pending'],
  );
  assert.equal(queue.heartbeat(runs ?? '', fence, LEASE), 'cancelAsked');
  queue.cancelled(runs ?? '', fence);
  assert.deepEqual(queue.get(whole.id).children, { total: 3, ended: 3 });
  const last = told.filter(({ task }) => task.id === whole.id).at(-1);
  assert.deepEqual([last?.events, last?.task.children], [[], { total: 3, ended: 3 }], 'who shows the whole is told');
  queue.retry(runs ?? '');
  assert.deepEqual(queue.get(whole.id).children, { total: 3, ended: 2 });
});

test('a running whole that is cancelled asks its parts at once', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const whole = fixture.ask();
  const { fence } = fixture.claim();
  const part = fixture.ask({ parentId: whole.id });
  queue.cancel(whole.id);
  assert.deepEqual([fixture.status(whole.id), fixture.status(part.id)], ['running', 'cancelled']);
  queue.cancelled(whole.id, fence);
  assert.equal(fixture.types(part.id).filter((type) => type === 'cancelled').length, 1);
});
