import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError, type Task } from '../../../protocol/index.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { LEASE, openQueue } from './queueFixture.ts';

const crashed = new OspainError('worker_failed', 'The worker died.');
const again = { retryable: true, delayMs: 0 };

test('tasks are claimed by priority, then age, each once', async () => {
  using fixture = await openQueue();
  for (const name of ['a', 'b', 'c', 'd']) fixture.submit(name);
  fixture.db.exec('UPDATE tasks SET priority = 5 WHERE id = 3');
  const order = Array.from({ length: 4 }, () => fixture.claim().task.instruction);
  assert.deepEqual(order, ['c', 'a', 'b', 'd']);
  assert.equal(fixture.queue.claim('here', LEASE), null);
});

test('a claim is the start of an attempt', async () => {
  using fixture = await openQueue();
  const { id } = fixture.submit();
  const { task, attempt, fence } = fixture.claim();
  assert.deepEqual([task.id, task.status, task.attempts, attempt, task.lastSeq], [id, 'running', 1, 1, 2]);
  assert.ok(fence > 0);
  const { type, data } = fixture.queue.events(id, 1)[0] ?? assert.fail('no event');
  assert.deepEqual({ type, data }, { type: 'started', data: { attempt: 1, model: 'default' } });
});

test('nothing that runs for every claim walks over all tasks', async () => {
  using fixture = await openQueue();
  const { db } = fixture;
  const prepared: string[] = [];
  const spied = new Proxy(db, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name === 'prepare') prepared.push(String(args[0]));
        return value.apply(target, args);
      };
    },
  });
  createQueue({ db: spied, now: Date.now, onChange: () => {} });
  const plans = prepared.map((sql) => {
    // Parameters have no values here, and a plan does not ask for any.
    const bare = sql.replaceAll(/@\w+|\?/g, 'NULL');
    const steps = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${bare}`).all();
    return { sql, steps: steps.map(({ detail }) => detail).join('; ') };
  });
  const walking = plans.filter(({ steps }) =>
    steps
      .split('; ')
      .some((step) =>
        /^SCAN (?!.*INDEX tasks_(delayed|dead))(?!(task_counts|workspace|json_each)\b)|TEMP B-TREE/.test(step),
      ),
  );
  assert.deepEqual(walking, []);
  const claiming = plans.find(({ sql }) => sql.includes('tasks_ready'))?.steps ?? '';
  assert.match(claiming, /^SEARCH tasks USING INDEX tasks_ready \(lane>\?\)$/);
});

test('progress is written with the events and gone at the end', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  const { fence } = fixture.claim();
  queue.emitMany(
    id,
    fence,
    [
      { type: 'call', data: { turn: 1, tool: 'read_file', summary: 'a' } },
      { type: 'result', data: { turn: 1, ok: true, text: 'b' } },
    ],
    { progress: 'Reading a' },
  );
  assert.equal(queue.get(id).progress, 'Reading a');
  queue.complete(id, fence, 'ok');
  const { status, result, progress, error } = queue.get(id);
  assert.deepEqual({ status, result, progress, error }, { status: 'done', result: 'ok', progress: null, error: null });
  assert.deepEqual(fixture.types(id), ['submitted', 'started', 'call', 'result', 'done']);
});

/*
 * The promise that a task runs to one end. Taking `AND fence = …` out of the statement `holding` in leases.ts must turn
 * this test red: then the first holder writes over the second.
 */
test('who lost the lease can write nothing', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  const { fence: old } = fixture.claim('asleep');
  fixture.clock.now += LEASE;
  assert.equal(
    queue.reap(() => true),
    1,
  );

  const refused = (when: string) => {
    const before = [queue.get(id), queue.events(id)];
    assert.equal(queue.heartbeat(id, old, LEASE), 'lost', when);
    const writes: Array<() => unknown> = [
      () => queue.emit(id, old, 'text', { turn: 1, text: 'zombie' }),
      () => queue.emitMany(id, old, []),
      () => queue.complete(id, old, 'zombie'),
      () => queue.fail(id, old, crashed, again),
      () => queue.cancelled(id, old),
      () => queue.release(id, old),
      () => queue.write(id, old, () => assert.fail('the change of a zombie ran')),
    ];
    for (const write of writes) assert.throws(write, { code: 'lease_lost' }, `${when}: ${write}`);
    assert.deepEqual([queue.get(id), queue.events(id)], before, when);
  };
  refused('before the next claim');
  const { fence, attempt } = fixture.claim('awake');
  assert.equal(attempt, 2);
  refused('while another server works on it');
  queue.complete(id, fence, 'ok');
  refused('after the end');
  assert.equal(queue.get(id).result, 'ok');
});

test('a fence is never used twice, also over retries by a person', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  const fences = [];
  for (let n = 0; n < 4; n++) {
    const { fence } = fixture.claim();
    fences.push(fence);
    queue.fail(id, fence, crashed, { retryable: false, delayMs: 0 });
    queue.retry(id);
  }
  assert.deepEqual(fences, [1, 2, 3, 4]);
});

test('a heartbeat keeps the lease', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  const { fence } = fixture.claim();
  for (let n = 0; n < 5; n++) {
    fixture.clock.now += LEASE - 1;
    assert.equal(queue.heartbeat(id, fence, LEASE), 'held');
    assert.equal(
      queue.reap(() => true),
      0,
    );
  }
  fixture.clock.now += LEASE;
  assert.equal(
    queue.reap(() => true),
    1,
  );
});

test('a failure is tried again after its wait, and is the end after the last attempt', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const { id } = fixture.submit();
  for (const delayMs of [1000, 2000]) {
    assert.equal(queue.fail(id, fixture.claim().fence, crashed, { retryable: true, delayMs }), 'delayed');
    assert.equal(queue.nextDue(), clock.now + delayMs);
    assert.deepEqual(queue.get(id).error, crashed.toWire(), 'who looks sees why it waits');
    clock.now += delayMs - 1;
    assert.equal(queue.claim('here', LEASE), null);
    clock.now += 1;
  }
  assert.equal(queue.fail(id, fixture.claim().fence, crashed, { retryable: true, delayMs: 1 }), 'failed');
  assert.equal(queue.nextDue(), null);
  const { status, attempts, error } = queue.get(id);
  assert.deepEqual({ status, attempts, error }, { status: 'failed', attempts: 3, error: crashed.toWire() });
  assert.deepEqual(fixture.types(id), ['submitted', 'started', 'retry', 'started', 'retry', 'started', 'failed']);
});

test('an error that would come again is the end at once', async () => {
  using fixture = await openQueue();
  const { id } = fixture.submit();
  const error = new OspainError('not_taught', 'It cannot do that.', { hint: 'Get a model.', cause: new Error('why') });
  assert.equal(fixture.queue.fail(id, fixture.claim().fence, error, { retryable: false, delayMs: 0 }), 'failed');
  assert.deepEqual(fixture.queue.get(id).error, {
    code: 'not_taught',
    message: 'It cannot do that.',
    hint: 'Get a model.',
    cause: 'why',
  });
});

test('tasks of a dead server go back at once, those of a live one when the lease ends', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const [ofDead, ofLive] = [fixture.submit('a'), fixture.submit('b')];
  fixture.claim('dead');
  fixture.claim('live');
  const isAlive = (worker: string) => worker === 'live';
  assert.equal(queue.reap(isAlive), 1);
  assert.equal(queue.get(ofDead.id).status, 'pending');
  assert.equal(queue.get(ofLive.id).status, 'running');
  const retry = queue.events(ofDead.id).at(-1);
  assert.ok(retry?.type === 'retry' && retry.data.error.code === 'unavailable');
  fixture.clock.now += LEASE;
  assert.equal(queue.reap(isAlive), 1);
  assert.equal(queue.get(ofLive.id).status, 'pending');
});

test('a task that ends every server that takes it fails in the end', async () => {
  using fixture = await openQueue();
  const { id } = fixture.submit();
  for (let n = 0; n < 3; n++) {
    fixture.claim('dead');
    fixture.queue.reap(() => false);
  }
  assert.equal(fixture.queue.get(id).status, 'failed');
  assert.equal(fixture.types(id).at(-1), 'failed');
});

test('a server that stops gives its task back, and the attempt does not count', async () => {
  using fixture = await openQueue();
  const { id } = fixture.submit();
  for (let n = 0; n < 5; n++) {
    const { fence, attempt } = fixture.claim();
    assert.equal(attempt, 1);
    fixture.queue.release(id, fence);
    assert.equal(fixture.queue.get(id).status, 'pending');
  }
  assert.equal(fixture.queue.get(id).attempts, 0);
});

test('a cancel that was asked for comes before another attempt, however this one ends', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const ends: Array<(id: string, fence: number) => unknown> = [
    (id, fence) => queue.fail(id, fence, crashed, again),
    (id, fence) => queue.fail(id, fence, crashed, { retryable: false, delayMs: 0 }),
    (id, fence) => queue.release(id, fence),
    () => queue.reap(() => false),
  ];
  for (const end of ends) {
    const { id } = fixture.submit();
    const { fence } = fixture.claim();
    queue.cancel(id);
    end(id, fence);
    assert.equal(queue.get(id).status, 'cancelled', `${end}`);
    assert.deepEqual(fixture.types(id), ['submitted', 'started', 'cancelAsked', 'cancelled']);
  }
  const { id } = fixture.submit();
  const { fence } = fixture.claim();
  queue.cancel(id);
  queue.complete(id, fence, 'ok');
  assert.equal(queue.get(id).status, 'done', 'a result that is there is kept');
});

test('a write of the kind happens whole or not at all', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const { id, number } = fixture.submit();
  const { fence } = fixture.claim();
  const insert = () => db.prepare(`INSERT INTO proposals VALUES (?, 'open', NULL, 0, 0)`).run(number);
  assert.throws(
    () =>
      queue.write(id, fence, () => {
        insert();
        queue.emit(id, fence, 'proposal', { status: 'open', files: [] });
        throw new OspainError('task_failed', 'no');
      }),
    { code: 'task_failed' },
  );
  assert.deepEqual([queue.get(id).proposal, queue.get(id).lastSeq], [null, 2]);
  assert.equal(
    queue.write(id, fence, () => {
      insert();
      return 'made';
    }),
    'made',
  );
  assert.equal(queue.get(id).proposal, 'open');
});

test('two servers on one database never claim the same task', async () => {
  using fixture = await openQueue();
  const other = await fixture.another();
  for (let n = 0; n < 20; n++) fixture.submit(`${n}`);
  const claimed = [];
  for (let n = 0; n < 10; n++)
    for (const queue of [fixture.queue, other]) claimed.push(queue.claim('w', LEASE)?.task.number);
  assert.deepEqual(
    claimed.toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 20 }, (_, n) => n + 1),
  );
});

test('what listeners are told of an end is what is on disk, however the clock moves meanwhile', async () => {
  using fixture = await openQueue();
  const told: Task[] = [];
  let clock = fixture.clock.now;
  const queue = createQueue({ db: fixture.db, now: () => clock++, onChange: ({ task }) => told.push(task) });
  const { id } = fixture.submit();
  const claim = queue.claim('w', LEASE);
  queue.complete(id, claim?.fence ?? 0, 'Done.');
  assert.deepEqual(told.at(-1), queue.get(id));
});
