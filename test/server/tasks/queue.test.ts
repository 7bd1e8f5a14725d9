import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { OspainError, TaskEvent } from '../../../protocol/index.ts';
import { LEASE, openQueue } from './queueFixture.ts';

const broken = new OspainError('task_failed', 'It did not work.');
const once = { retryable: false, delayMs: 0 };

test('a submitted task is there with its first event', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const task = queue.submit({
    kind: 'agent',
    instruction: 'Rename it.',
    context: { path: 'src/a.ts', text: 'let a' },
    model: 'fast',
    autoAccept: 'edits',
  });
  assert.deepEqual(task, {
    id: task.id,
    number: 1,
    kind: 'agent',
    instruction: 'Rename it.',
    context: { path: 'src/a.ts', text: 'let a' },
    status: 'pending',
    model: 'fast',
    autoAccept: 'edits',
    parentId: null,
    continues: null,
    dependsOn: [],
    priority: 0,
    notBefore: 0,
    attempts: 0,
    maxAttempts: 3,
    dead: false,
    waits: 'waits for its turn',
    children: { total: 0, ended: 0 },
    progress: null,
    result: null,
    error: null,
    proposal: null,
    approval: null,
    lastSeq: 1,
    createdAt: fixture.clock.now,
    updatedAt: fixture.clock.now,
  });
  assert.deepEqual(queue.get(task.id), task);
  assert.deepEqual(queue.get('1'), task, 'people type the number');
  assert.deepEqual(queue.events(task.id), [
    {
      taskId: task.id,
      seq: 1,
      at: fixture.clock.now,
      type: 'submitted',
      data: { kind: 'agent', instruction: 'Rename it.' },
    },
  ]);
  assert.deepEqual(told, [{ events: queue.events(task.id), task }]);
  for (const ref of ['2', 'x', '', '9'.repeat(30), '0x1', randomUUID()])
    assert.throws(() => queue.get(ref), { code: 'not_found' }, ref);
});

test('submitting an id again is harmless; another task with it is a conflict', async () => {
  using fixture = await openQueue();
  const id = randomUUID();
  const task = fixture.submit('one', id);
  assert.deepEqual(fixture.submit('one', id), task);
  assert.equal(fixture.told.length, 1, 'nothing happened the second time');
  assert.throws(() => fixture.submit('two', id), { code: 'conflict' });
  fixture.claim();
  assert.equal(fixture.submit('one', id).status, 'running', 'also when it has gone on');
  assert.equal(fixture.queue.list({ limit: 10 }).total, 1);
});

test('more than 1 MiB is too large, counted as it is stored', async () => {
  using fixture = await openQueue();
  fixture.submit('x'.repeat(1_048_576 - 100));
  assert.throws(() => fixture.submit('x'.repeat(1_048_576)), { code: 'too_large' });
  assert.throws(() => fixture.submit('ü'.repeat(600_000)), { code: 'too_large' });
  assert.equal(fixture.queue.list({ limit: 10 }).total, 1);
});

test('text comes back as it went in', async () => {
  using fixture = await openQueue();
  const strange = 'a\u0000b \ud83d\ude00 \u2028 \ud83d "quoted" \\ \r\n';
  const { id } = fixture.submit(strange);
  const { fence } = fixture.claim();
  assert.equal(fixture.queue.get(id).instruction, strange);
  // A chunk of streamed text may end in the middle of a surrogate pair.
  fixture.queue.emit(id, fence, 'text', { turn: 1, text: '\ud83d' });
  fixture.queue.emit(id, fence, 'text', { turn: 1, text: '\ude00' });
  const text = fixture.queue.events(id).flatMap((event) => (event.type === 'text' ? [event.data.text] : []));
  assert.equal(text.join(''), '😀');
});

test('lists are newest first, in pages, by status', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  for (let n = 1; n <= 7; n++) fixture.submit(`task ${n}`);
  const { task, fence } = fixture.claim();
  queue.complete(task.id, fence, 'ok');
  const numbers = (params: Parameters<typeof queue.list>[0]) => {
    const { tasks, total } = queue.list(params);
    return { numbers: tasks.map(({ number }) => number), total };
  };
  assert.deepEqual(numbers({ limit: 3 }), { numbers: [7, 6, 5], total: 7 });
  assert.deepEqual(numbers({ limit: 3, before: 5 }), { numbers: [4, 3, 2], total: 7 });
  assert.deepEqual(numbers({ limit: 2, status: ['pending'], before: 4 }), { numbers: [3, 2], total: 6 });
  assert.deepEqual(numbers({ limit: 9, status: ['done', 'failed'] }), { numbers: [1], total: 1 });
  assert.deepEqual(numbers({ limit: 9, status: [] }), { numbers: [], total: 0 });
  assert.deepEqual(queue.counts(), {
    ...{ blocked: 0, delayed: 0, paused: 0, pending: 6, running: 0 },
    ...{ done: 1, failed: 0, cancelled: 0 },
  });
});

test('events are read from any place on', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  const { fence } = fixture.claim();
  for (let turn = 1; turn <= 5; turn++) queue.emit(id, fence, 'text', { turn, text: 'x' });
  assert.deepEqual(
    queue.events(id, 3, 2).map(({ seq }) => seq),
    [4, 5],
  );
  assert.deepEqual(queue.events('1', 7), []);
  for (const event of queue.events(id)) assert.deepEqual(TaskEvent.parse(event), event);
  assert.equal(queue.get(id).lastSeq, 7);
});

test('a waiting task is cancelled at once, a running one by its holder', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const [waiting, running] = [fixture.submit('a'), fixture.submit('b')];
  assert.equal(queue.cancel(waiting.id).status, 'cancelled');
  const { fence } = fixture.claim();
  assert.equal(queue.cancel(running.id).status, 'running');
  queue.cancel(running.id);
  assert.deepEqual(fixture.types(running.id), ['submitted', 'started', 'cancelAsked'], 'asking twice is one event');
  assert.equal(queue.heartbeat(running.id, fence, LEASE), 'cancelAsked');
  queue.cancelled(running.id, fence);
  assert.equal(queue.get(running.id).status, 'cancelled');
  for (const { id } of [waiting, running]) {
    assert.equal(fixture.types(id).at(-1), 'cancelled');
    assert.throws(() => queue.cancel(id), { code: 'wrong_state' });
  }
});

test('a delayed task is cancelled too', async () => {
  using fixture = await openQueue();
  const { id } = fixture.submit();
  fixture.queue.fail(id, fixture.claim().fence, broken, { retryable: true, delayMs: 1000 });
  assert.equal(fixture.queue.cancel(id).status, 'cancelled');
  fixture.clock.now += 10_000;
  assert.equal(fixture.queue.claim('here', LEASE), null);
});

test('an ended task that did not succeed is tried again, with all its attempts and one log', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.submit();
  queue.fail(id, fixture.claim().fence, broken, once);
  const again = queue.retry(id);
  assert.deepEqual([again.status, again.attempts, again.error], ['pending', 0, null]);
  assert.throws(() => queue.retry(id), { code: 'wrong_state' }, 'a waiting one is not');
  const { fence } = fixture.claim();
  assert.throws(() => queue.retry(id), { code: 'wrong_state' }, 'a running one is not');
  queue.complete(id, fence, 'ok');
  assert.throws(() => queue.retry(id), { code: 'wrong_state' }, 'one that succeeded is not');
  assert.deepEqual(fixture.types(id), ['submitted', 'started', 'failed', 'retry', 'started', 'done']);
  assert.deepEqual(
    queue.events(id).map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6],
  );

  const other = fixture.submit();
  queue.cancel(other.id);
  assert.equal(queue.retry(other.id).status, 'pending');
});

test('an open proposal goes when its task is tried again; one that a person decided on stays', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const propose = (number: number, status: string) => {
    const was = { accepting: 'open', undoing: 'accepted' }[status] ?? null;
    db.prepare('INSERT INTO proposals VALUES (?, ?, ?, 0, 0)').run(number, status, was);
    db.prepare(`INSERT INTO proposal_files VALUES (?, 'a', NULL, NULL, zeroblob(32))`).run(number);
  };
  const shown = [];
  for (const status of ['open', 'accepting', 'accepted', 'rejected', 'undoing', 'undone']) {
    const { id, number } = fixture.submit();
    const { fence } = fixture.claim();
    queue.write(id, fence, () => propose(number, status));
    queue.fail(id, fence, broken, once);
    shown.push([queue.get(id).proposal, queue.retry(id).proposal]);
    queue.cancel(id);
  }
  assert.deepEqual(shown, [
    ['open', null],
    ['open', 'open'],
    ['accepted', 'accepted'],
    ['rejected', 'rejected'],
    ['accepted', 'accepted'],
    ['undone', 'undone'],
  ]);
  const files = db.prepare('SELECT count(*) AS n FROM proposal_files').get();
  assert.deepEqual(files, { n: 5 }, 'its files go with it');
});

test('the next attempt starts without the proposal of one that died', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const { id, number } = fixture.submit();
  const { fence } = fixture.claim('dead');
  queue.write(id, fence, () => db.prepare(`INSERT INTO proposals VALUES (?, 'open', NULL, 0, 0)`).run(number));
  queue.reap((worker) => worker !== 'dead');
  assert.equal(fixture.claim().task.proposal, null);
});

test('listeners hear after the commit, in order, once, and nothing that was rolled back', async () => {
  using fixture = await openQueue();
  const { queue, told, db } = fixture;
  const { id } = fixture.submit();
  const { fence } = fixture.claim();
  let openWhenTold = false;
  queue.listen(() => {
    openWhenTold ||= db.inTransaction;
  });
  told.length = 0;
  queue.write(id, fence, () => {
    queue.emit(id, fence, 'call', { turn: 1, tool: 'a', summary: '' });
    queue.append(id, 'proposal', { status: 'open', files: [] });
    assert.equal(told.length, 0, 'nothing is durable yet');
  });
  assert.throws(() =>
    queue.write(id, fence, () => {
      queue.emit(id, fence, 'call', { turn: 2, tool: 'b', summary: '' });
      throw new Error('no');
    }),
  );
  queue.complete(id, fence, 'ok');
  assert.deepEqual(
    told.map(({ events, task }) => [events.map(({ seq, type }) => `${seq} ${type}`), task.status]),
    [
      [['3 call', '4 proposal'], 'running'],
      [['5 done'], 'done'],
    ],
  );
  assert.equal(openWhenTold, false);
});

test('a listener that writes or throws does no harm', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const warned = new Promise((resolve) => process.once('warning', resolve));
  let answered = false;
  const stop = queue.listen(({ task }) => {
    if (task.number === 1 && !answered) {
      answered = true;
      fixture.submit('the answer');
    }
    throw new TypeError('a listener with a defect');
  });
  fixture.submit('the question');
  stop();
  await warned;
  assert.deepEqual(
    told.map(({ task }) => task.instruction),
    ['the question', 'the answer'],
  );
});

test('what another server writes is told as well', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const other = await fixture.another();
  fixture.submit('here');
  told.length = 0;
  queue.poll();
  assert.equal(told.length, 0);
  other.submit({ kind: 'ask', instruction: 'there', model: 'default', autoAccept: 'none' });
  const { fence, task } = other.claim('there', LEASE) ?? assert.fail('nothing to claim');
  other.emit(task.id, fence, 'text', { turn: 1, text: 'x' });
  assert.equal(told.length, 0);
  queue.poll();
  queue.poll();
  assert.deepEqual(
    told.map(({ events, task: { instruction } }) => [instruction, events.map(({ type }) => type)]),
    [
      ['there', ['submitted']],
      ['here', ['started', 'text']],
    ],
  );
});

test('that another server wrote anything at all is told until it was taken', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const other = await fixture.another();
  let looked = 0;
  let busy = true;
  queue.onOthersCommit(() => {
    looked += 1;
    if (busy) throw new OspainError('storage_busy', 'The database is busy.');
  });
  fixture.submit('here');
  queue.poll();
  assert.equal(looked, 0);
  other.setPaused(true);
  assert.throws(() => queue.poll(), { code: 'storage_busy' });
  busy = false;
  queue.poll();
  queue.poll();
  assert.equal(looked, 2);
});

test('what another server wrote before is told before, and once', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const other = await fixture.another();
  fixture.submit('one');
  other.submit({ kind: 'ask', instruction: 'two', model: 'default', autoAccept: 'none' });
  fixture.submit('three');
  queue.poll();
  fixture.submit('four');
  assert.deepEqual(
    told.map(({ task }) => task.instruction),
    ['one', 'two', 'three', 'four'],
  );
});

test('a task of another server is told before what this one does to it', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const other = await fixture.another();
  const { id } = other.submit({ kind: 'ask', instruction: 'two', model: 'default', autoAccept: 'none' });
  queue.cancel(id);
  queue.poll();
  assert.deepEqual(
    told.flatMap(({ events }) => events.map(({ seq, type }) => [seq, type])),
    [
      [1, 'submitted'],
      [2, 'cancelled'],
    ],
  );
});

test('more than is read at once is told once, each task with its events in order', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const other = await fixture.another();
  other.allOrNone(() => {
    for (let n = 0; n < 1100; n++) {
      const { id } = other.submit({ kind: 'ask', instruction: `${n}`, model: 'default', autoAccept: 'none' });
      if (n % 2 === 0) other.cancel(id);
    }
  });
  queue.poll();
  const seen = new Map<string, string[]>();
  for (const event of told.flatMap(({ events }) => events))
    seen.set(event.taskId, [...(seen.get(event.taskId) ?? []), event.type]);
  assert.deepEqual(
    [...seen.values()],
    Array.from({ length: 1100 }, (_, n) => (n % 2 === 0 ? ['submitted', 'cancelled'] : ['submitted'])),
  );
});

test('the first event is the task’s own row, read as it was told', async () => {
  using fixture = await openQueue();
  const { queue, told, db } = fixture;
  // JSON can say what text of a database cannot hold.
  const instruction = 'a"\\\u0000\ud800 ü';
  const { id } = fixture.ask({ instruction, notBefore: Date.now() + 1e9 });
  assert.deepEqual(
    queue.events(id),
    told.flatMap(({ events }) => events),
  );
  assert.deepEqual(queue.events(id)[0]?.data, { kind: 'ask', instruction });
  assert.deepEqual(
    [queue.events(id, 0, 1), queue.events(id, 1)].map((events) => events.map(({ seq }) => seq)),
    [[1], [2]],
  );
  assert.deepEqual(db.prepare('SELECT seq FROM events').all(), [{ seq: 2 }]);
});

test('the log and what was asked cannot be changed, not even by a mistake in the code', async () => {
  using fixture = await openQueue();
  fixture.submit();
  fixture.claim();
  for (const sql of [
    `UPDATE events SET data = '{}'`,
    'DELETE FROM events',
    'DELETE FROM tasks',
    `UPDATE tasks SET payload = '{}'`,
    `INSERT INTO events (task_id, seq, at, type, data, fence) VALUES (1, 4, 0, 'text', '{}', 0)`,
    `INSERT INTO events (task_id, seq, at, type, data, fence) VALUES (1, 2, 0, 'text', '{}', 0)`,
    `INSERT INTO events (task_id, seq, at, type, data, fence) VALUES (1, 1, 0, 'text', '{}', 0)`,
    `UPDATE tasks SET status = 'pending'`,
    `UPDATE tasks SET last_seq = 0`,
    `UPDATE tasks SET status = 'lost'`,
  ])
    assert.throws(() => fixture.db.exec(sql), { code: /^SQLITE_CONSTRAINT/ }, sql);
});
