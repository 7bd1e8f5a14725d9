import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { INTERACTIVE, OspainError, type Task } from '../../../protocol/index.ts';
import type { Attempt } from '../../../server/tasks/kind.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { after } from '../../../server/timer.ts';
import { LEASE } from './queueFixture.ts';
import { openWorks } from './worksFixture.ts';

/** A kind that works until it is told to stop, and tells when it began. */
function untilAborted() {
  const begun: Attempt[] = [];
  let onBegin = (_attempt: Attempt) => {};
  const next = () =>
    new Promise<Attempt>((resolve) => {
      onBegin = resolve;
    });
  const run = (attempt: Attempt) => {
    begun.push(attempt);
    onBegin(attempt);
    return new Promise<string>((_, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason));
    });
  };
  return { run, begun, next };
}

/** The pid of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

test('tasks are worked as they come, so many at one moment', async () => {
  await using works = await openWorks();
  const early = works.submit('0');
  let [atOnce, most] = [0, 0];
  works.start(async (attempt) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    attempt.text(1, 'partial');
    await works.time.pass(0);
    atOnce -= 1;
    return `did ${attempt.task.instruction}`;
  });
  const tasks = [early, ...['1', '2', '3', '4'].map((name) => works.submit(name))];
  const ended = await Promise.all(tasks.map(({ id }) => works.reaches(id, 'done')));
  assert.deepEqual(
    ended.map(({ result }) => result),
    ['did 0', 'did 1', 'did 2', 'did 3', 'did 4'],
  );
  assert.equal(most, 2);
  assert.deepEqual(works.types(early.id), ['submitted', 'started', 'text', 'done']);
});

test('a running task is cancelled', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  const { id } = works.submit();
  const attempt = await begun;
  works.queue.cancel(id);
  assert.equal(attempt.signal.reason.code, 'cancelled', 'at once, not at the next sign of life');
  await works.reaches(id, 'cancelled');
  assert.deepEqual(works.types(id), ['submitted', 'started', 'cancelAsked', 'cancelled']);
});

test('a dead worker is tried again after 1, then 2 seconds, and then no more', async () => {
  await using works = await openWorks();
  const at: number[] = [];
  works.start(async () => {
    at.push(works.clock.now);
    throw new OspainError('worker_failed', 'The worker died.');
  });
  const { id } = works.submit();
  await works.time.pass(10_000);
  const [first = 0] = at;
  assert.deepEqual(
    at.map((time) => time - first),
    [0, 1000, 3000],
  );
  assert.deepEqual(works.types(id), ['submitted', 'started', 'retry', 'started', 'retry', 'started', 'failed']);
});

test('what would fail again is not tried again, and no text of a person is in the log', async () => {
  for (const thrown of [
    ...(
      ['model_unreadable', 'context_full', 'bad_answer', 'loop', 'not_taught', 'path_outside', 'task_failed'] as const
    ).map((code) => new OspainError(code, 'Kolibri')),
    new TypeError('Kolibri'),
    'Kolibri',
  ]) {
    await using works = await openWorks();
    works.start(async () => {
      throw thrown;
    });
    const { id } = works.submit('Kolibri');
    const { error, attempts } = await works.reaches(id, 'failed');
    assert.equal(attempts, 1);
    assert.equal(error?.code, thrown instanceof OspainError ? thrown.code : 'internal');
    await works.time.pass(0);
    assert.match(works.lines.join('\n'), new RegExp(String(error?.code)));
    assert.doesNotMatch(works.lines.join('\n'), /Kolibri/);
  }
});

test('a task of a kind that this version does not know fails', async () => {
  await using works = await openWorks();
  works.start(async () => 'ok');
  const { id } = works.queue.submit({ kind: 'plan', instruction: 'x', model: 'default', autoAccept: 'none' });
  assert.equal((await works.reaches(id, 'failed')).error?.code, 'unavailable');
});

test('a lease is kept for as long as the work takes', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  works.submit();
  const attempt = await begun;
  await works.time.pass(LEASE * 10);
  assert.equal(attempt.signal.aborted, false);
  assert.equal(kind.begun.length, 1);
});

test('after a long sleep of the machine a server goes on with its own task', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  works.submit();
  const attempt = await begun;
  works.clock.now += LEASE * 100;
  await works.time.pass(LEASE);
  assert.equal(attempt.signal.aborted, false);
  assert.equal(kind.begun.length, 1);
});

test('who lost the lease is stopped and writes nothing', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run, { concurrency: 1 });
  const { id } = works.submit();
  const attempt = await begun;
  const other = await works.another();
  other.reap(() => false);
  const { fence } = other.claim('other', LEASE) ?? assert.fail('nothing to claim');
  await works.time.pass(LEASE / 3);
  assert.equal(attempt.signal.reason.code, 'lease_lost');
  other.complete(id, fence, 'of the other');
  await works.time.pass(LEASE);
  assert.equal(works.queue.get(id).result, 'of the other');
  assert.deepEqual(works.types(id), ['submitted', 'started', 'retry', 'started', 'done']);
});

test('a server that stops gives its tasks back at once', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  const scheduler = works.start(kind.run);
  const { id } = works.submit();
  const attempt = await begun;
  await scheduler.stop();
  assert.equal(attempt.signal.reason.code, 'unavailable');
  const { status, attempts } = works.queue.get(id);
  assert.deepEqual({ status, attempts }, { status: 'pending', attempts: 0 });
  assert.equal(works.time.waiting(), 0, 'no timer is left');
  works.submit('after the end');
  scheduler.wake();
  await works.time.pass(LEASE);
  assert.equal(kind.begun.length, 1, 'a stopped server claims nothing');
  works.start(async () => 'ok');
  await works.reaches(id, 'done');
});

test('a kind that does not listen cannot hold up the end, nor write after it', async () => {
  await using works = await openWorks();
  const stuck: Array<(text: string) => void> = [];
  const scheduler = works.start(() => new Promise((resolve) => stuck.push(resolve)));
  const { id } = works.submit();
  await works.time.pass(0);
  await scheduler.stop({ timeoutMs: 1 });
  assert.equal(works.queue.get(id).status, 'pending');
  stuck[0]?.('too late');
  await works.time.pass(0);
  assert.equal(works.queue.get(id).status, 'pending');
  assert.equal(works.queue.get(id).result, null);
});

test('at its start a server takes over from the dead, and from nobody who lives', async () => {
  await using works = await openWorks();
  const [ofDead, ofPrevious, ofLive] = [works.submit('a'), works.submit('b'), works.submit('c')];
  works.claim(`${deadPid()}:${randomUUID()}`);
  works.claim(`${process.pid}:${randomUUID()}`);
  works.claim(`${process.ppid}:${randomUUID()}`);
  works.start(async () => 'ok');
  await Promise.all([works.reaches(ofDead.id, 'done'), works.reaches(ofPrevious.id, 'done')]);
  assert.equal(works.queue.get(ofLive.id).status, 'running');
  await works.time.pass(LEASE - 1);
  assert.equal(works.queue.get(ofLive.id).status, 'running', 'until its lease ends');
  await works.time.pass(LEASE);
  assert.equal(works.queue.get(ofLive.id).status, 'done');
});

test('what another server submits or cancels is noticed within 300 milliseconds', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  await works.time.pass(0);
  const other = await works.another();
  const { id } = other.submit({ kind: 'ask', instruction: 'x', model: 'default', autoAccept: 'none' });
  await works.time.pass(300);
  const attempt = await begun;
  other.cancel(id);
  await works.time.pass(300);
  assert.equal(attempt.signal.reason.code, 'cancelled');
  assert.equal(works.queue.get(id).status, 'cancelled');
});

test('a database that is busy for a while costs a try, not the server', async () => {
  await using works = await openWorks();
  const other = await works.another();
  works.start(async () => 'ok');
  const { id } = works.submit();
  other.db.exec('BEGIN IMMEDIATE');
  await works.time.pass(0);
  assert.match(works.lines.join('\n'), /claiming a task failed: storage_busy/);
  other.db.exec('COMMIT');
  await works.time.pass(LEASE);
  assert.equal(works.queue.get(id).status, 'done');
});

test('it works on real time as well', { timeout: 60_000 }, async () => {
  await using works = await openWorks();
  const queue = createQueue({ db: works.db, now: Date.now, onChange: () => {} });
  let attempts = 0;
  const ended = new Promise<Task>((resolve) => {
    queue.listen(({ task }) => {
      if (task.status === 'done' || task.status === 'failed') resolve(task);
    });
  });
  works.start(
    async (attempt) => {
      attempts += 1;
      attempt.text(1, 'a');
      attempt.text(1, 'b');
      if (attempts < 3) throw new OspainError('worker_failed', 'The worker died.');
      return 'ok';
    },
    { queue, after, now: Date.now, retryMs: 1 },
  );
  const { id } = queue.submit({ kind: 'ask', instruction: 'x', model: 'default', autoAccept: 'none' });
  assert.equal((await ended).status, 'done');
  assert.deepEqual(
    works.types(id).filter((type) => type !== 'text'),
    ['submitted', 'started', 'retry', 'started', 'retry', 'started', 'done'],
  );
});

test('the wait for the next attempt is a random part of a time that doubles, up to ten minutes', async () => {
  await using works = await openWorks();
  const at: number[] = [];
  const randoms = [0.5, 0, 0.25, 1, 1];
  works.start(
    async () => {
      at.push(works.clock.now);
      throw new OspainError('worker_failed', 'The worker died.');
    },
    { random: () => randoms[at.length - 1] ?? 1, retryMs: 100_000 },
  );
  const { id } = works.ask({ maxAttempts: 6 });
  await works.time.pass(3_600_000);
  const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  assert.deepEqual(waits, [50_000, 0, 100_000, 600_000, 600_000]);
  const { status, dead } = works.queue.get(id);
  assert.deepEqual({ status, dead }, { status: 'failed', dead: true });
});

test('a running task is paused at its next checkpoint and goes on behind it', async () => {
  await using works = await openWorks();
  const histories: number[] = [];
  let step = () => {};
  works.start(async (attempt) => {
    histories.push(attempt.history.length);
    for (let turn = attempt.history.length + 1; turn <= 2; turn++) {
      await new Promise<void>((resolve) => {
        step = resolve;
      });
      attempt.text(turn, 'some ');
      attempt.text(turn, 'text');
      const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
      attempt.emit('turn', { turn, text: 'some text', usage });
      attempt.checkpoint();
    }
    return 'ok';
  });
  const { id } = works.submit();
  await works.time.pass(0);
  works.queue.pause(id);
  step();
  await works.time.pass(0);
  assert.deepEqual([works.queue.get(id).status, works.queue.get(id).attempts], ['paused', 0]);
  await works.time.pass(LEASE);
  assert.equal(histories.length, 1, 'until a person says so');
  works.queue.resume(id);
  await works.time.pass(0);
  step();
  assert.equal((await works.reaches(id, 'done')).result, 'ok');
  assert.deepEqual(histories, [0, 1]);
  assert.deepEqual(
    works.types(id).filter((type) => type !== 'text'),
    ['submitted', 'started', 'pauseAsked', 'turn', 'waiting', 'waiting', 'started', 'turn', 'done'],
  );
});

test('no more tasks of a kind run at one moment than may', async () => {
  await using works = await openWorks();
  const running: Attempt[] = [];
  const run = (attempt: Attempt) => {
    running.push(attempt);
    return new Promise<string>((_, reject) => {
      attempt.signal.addEventListener('abort', () => reject(attempt.signal.reason));
    });
  };
  works.start(run, {
    concurrency: 3,
    perKind: { agent: 1 },
    kinds: [
      { name: 'agent', run },
      { name: 'ask', run },
    ],
  });
  for (const kind of ['agent', 'agent', 'ask', 'ask'] as const) works.ask({ kind });
  await works.time.pass(0);
  assert.deepEqual(
    running.map(({ task }) => task.kind),
    ['agent', 'ask', 'ask'],
  );
  works.queue.cancel(running[0]?.task.id ?? '');
  await works.time.pass(0);
  assert.equal(running[3]?.task.kind, 'agent');
});

test('two interactive tasks run beside the others when all places are taken, whatever their kind', async () => {
  await using works = await openWorks();
  const { run, begun } = untilAborted();
  works.start(run, {
    concurrency: 2,
    perKind: { agent: 1 },
    kinds: [
      { name: 'agent', run },
      { name: 'ask', run },
    ],
  });
  const names = () => begun.map(({ task }) => task.number);
  for (const kind of ['agent', 'agent', 'ask', 'ask'] as const) works.ask({ kind });
  await works.time.pass(0);
  assert.deepEqual(names(), [1, 3], 'all places are taken');
  for (const kind of ['agent', 'agent', 'agent'] as const) works.ask({ kind, priority: INTERACTIVE });
  await works.time.pass(0);
  assert.deepEqual(names(), [1, 3, 5, 6]);
  works.queue.cancel('5');
  await works.time.pass(0);
  assert.deepEqual(names(), [1, 3, 5, 6, 7], 'its place is for the next one that somebody waits for');
  for (const task of ['6', '7']) works.queue.cancel(task);
  await works.time.pass(0);
  assert.deepEqual(names(), [1, 3, 5, 6, 7], 'and for no other');
  works.queue.cancel('1');
  await works.time.pass(0);
  assert.deepEqual(names(), [1, 3, 5, 6, 7, 2]);
});

test('an interactive task whose time comes while all places are taken starts then', async () => {
  await using works = await openWorks();
  const { run, begun } = untilAborted();
  works.start(run, { concurrency: 1 });
  works.submit();
  works.ask({ priority: INTERACTIVE, notBefore: works.clock.now + 2000 });
  await works.time.pass(1000);
  assert.equal(begun.length, 1);
  await works.time.pass(1000);
  assert.equal(begun.length, 2);
});

test('a task that is not admitted waits and says why, and is asked for again', async () => {
  await using works = await openWorks();
  const asked: number[] = [];
  let why: string | null = 'waits for memory: needs 5.1 GB, 3.2 free';
  works.start(async () => 'ok', {
    admit(task) {
      if (task.model !== 'large') return null;
      asked.push(works.clock.now);
      return why;
    },
  });
  const large = works.ask({ model: 'large' });
  await works.time.pass(0);
  const small = works.ask({ model: 'small' });
  await works.reaches(small.id, 'done');
  assert.equal(works.queue.get(large.id).waits, why);
  await works.time.pass(5000);
  assert.ok(asked.length >= 5 && asked.length <= 8, `asked ${asked.length} times in five seconds`);
  assert.equal(works.types(large.id).filter((type) => type === 'waiting').length, 1);
  why = null;
  await works.time.pass(1000);
  assert.equal((await works.reaches(large.id, 'done')).waits, null);
});

test('a reason that is new each time does not keep the server busy', async () => {
  await using works = await openWorks();
  let asked = 0;
  works.start(async () => 'ok', { admit: () => `needs ${asked++}` });
  const { id } = works.submit();
  await works.time.pass(3000);
  assert.ok(asked <= 5, `${asked} questions`);
  assert.equal(works.types(id).length - 1, asked);
});

test('a paused queue starts nothing until it is resumed, also by another server', async () => {
  await using works = await openWorks();
  works.queue.setPaused(true);
  works.start(async () => 'ok');
  const { id } = works.submit();
  await works.time.pass(LEASE);
  assert.equal(works.queue.get(id).status, 'pending');
  const other = await works.another();
  other.setPaused(false);
  await works.time.pass(300);
  assert.equal(works.queue.get(id).status, 'done');
});

test('after a sleep of the machine nobody takes the task of another server that slept too', async () => {
  await using works = await openWorks();
  // The one that has nothing to do wakes first.
  const other = createQueue({ db: works.db, now: () => works.clock.now, onChange: () => {} });
  const idle = works.start(async () => assert.fail(), { queue: other, perKind: { ask: 0 }, isAlive: () => true });
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  const { id } = works.submit();
  const attempt = await begun;
  works.clock.now += LEASE * 100;
  await works.time.pass(LEASE * 3);
  assert.equal(attempt.signal.aborted, false);
  assert.deepEqual(works.types(id), ['submitted', 'started']);
  await idle.stop();
});

test('a clock that is set back an hour holds up nobody for longer than a lease', async () => {
  await using works = await openWorks();
  const { id } = works.submit();
  works.claim('of another machine');
  works.clock.now -= 3_600_000;
  works.start(async () => 'ok', { isAlive: () => true });
  await works.time.pass(LEASE - 1000);
  assert.equal(works.queue.get(id).status, 'running', 'a lease is a lease');
  await works.time.pass(LEASE / 3 + 1000);
  assert.equal(works.queue.get(id).status, 'done');
});

test('a server whose clock is set back keeps its task', async () => {
  await using works = await openWorks();
  const kind = untilAborted();
  const begun = kind.next();
  works.start(kind.run);
  const { id } = works.submit();
  const attempt = await begun;
  works.clock.now -= 3_600_000;
  await works.time.pass(LEASE * 5);
  assert.equal(attempt.signal.aborted, false);
  assert.deepEqual(works.types(id), ['submitted', 'started']);
});
