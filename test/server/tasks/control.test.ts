import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError, type Task } from '../../../protocol/index.ts';
import { LEASE, openQueue, type QueueFixture } from './queueFixture.ts';

const crashed = new OspainError('worker_failed', 'The worker died.');
const again = { retryable: true, delayMs: 0 };
const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
const events = ({ queue }: QueueFixture, ref: string) =>
  queue.events(ref).map(({ type, data }) => (type === 'waiting' ? `waiting ${data.status}` : type));

/** Takes a task and finishes two steps of it. */
function work(fixture: QueueFixture): { id: string; fence: number } {
  const { task, fence } = fixture.claim();
  fixture.queue.emit(task.id, fence, 'turn', { turn: 1, text: 'a', usage });
  fixture.queue.emit(task.id, fence, 'call', { turn: 1, tool: 'read_file', summary: 'read a' });
  fixture.queue.emit(task.id, fence, 'result', { turn: 1, ok: true, text: 'b' });
  return { id: task.id, fence };
}

test('a waiting task is paused and goes back to where it was', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const pending = fixture.ask();
  const delayed = fixture.ask({ notBefore: clock.now + 1000 });
  const blocked = fixture.ask({ dependsOn: [{ taskId: pending.id }] });
  for (const { id, status } of [pending, delayed, blocked]) {
    const paused = queue.pause(id);
    assert.deepEqual([paused.status, paused.waits], ['paused', 'paused by a person']);
    assert.deepEqual(queue.pause(id), paused, 'pausing again is harmless');
    assert.equal(queue.claim('here', LEASE)?.task, undefined);
    assert.equal(queue.resume(id).status, status);
    assert.deepEqual(events(fixture, id).slice(-2), ['waiting paused', `waiting ${status}`]);
    queue.pause(id);
  }
  clock.now += 5000;
  assert.equal(queue.resume(delayed.id).status, 'pending', 'its time has come meanwhile');
  assert.equal(queue.cancel(pending.id).status, 'cancelled');
});

test('a running task is paused between two steps, and the attempt does not count', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  fixture.ask({ maxAttempts: 1 });
  const { id, fence } = work(fixture);
  queue.checkpoint(id, fence);
  queue.pause(id);
  queue.pause(id);
  assert.equal(fixture.status(id), 'running');
  assert.throws(() => queue.checkpoint(id, fence), { code: 'paused' });
  queue.paused(id, fence);
  assert.deepEqual([queue.get(id).status, queue.get(id).attempts], ['paused', 0]);
  assert.throws(() => queue.checkpoint(id, fence), { code: 'lease_lost' });
  assert.throws(() => queue.paused(id, fence), { code: 'lease_lost' });
  queue.resume(id);
  const claim = fixture.claim();
  assert.deepEqual(
    claim.history.map(({ type }) => type),
    ['turn', 'call', 'result'],
  );
  assert.equal(claim.attempt, 1);
  assert.deepEqual(events(fixture, id), [
    ...['submitted', 'started', 'turn', 'call', 'result', 'pauseAsked', 'waiting paused', 'waiting pending', 'started'],
  ]);
});

test('a pause may be taken back before it happens', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  fixture.ask();
  const { id, fence } = work(fixture);
  queue.pause(id);
  queue.resume(id);
  queue.checkpoint(id, fence);
  assert.deepEqual(events(fixture, id).slice(-2), ['pauseAsked', 'resumed']);
  assert.equal(queue.steps(id).length, 2, 'the run goes on');
  queue.paused(id, fence);
  assert.deepEqual(
    [fixture.status(id), queue.get(id).attempts],
    ['pending', 0],
    'too late to be heard: it only starts again',
  );
});

test('a pause that was asked for holds however the attempt ends, but for an end of the task', async () => {
  const ends: Array<[(queue: QueueFixture['queue'], id: string, fence: number) => unknown, string]> = [
    [(queue, id, fence) => queue.fail(id, fence, crashed, again), 'paused'],
    [(queue, id, fence) => queue.release(id, fence), 'paused'],
    [(queue) => queue.reap(() => false), 'paused'],
    [(queue, id, fence) => queue.complete(id, fence, 'ok'), 'done'],
    [(queue, id, fence) => queue.fail(id, fence, crashed, { retryable: false, delayMs: 0 }), 'failed'],
    [(queue, id) => [queue.cancel(id), queue.reap(() => false)], 'cancelled'],
    [(queue, id, fence) => [queue.cancel(id), queue.paused(id, fence)], 'cancelled'],
  ];
  using fixture = await openQueue();
  const { queue } = fixture;
  for (const [end, status] of ends) {
    const { id } = fixture.ask();
    const { fence } = fixture.claim();
    queue.pause(id);
    end(queue, id, fence);
    assert.equal(fixture.status(id), status, `${end}`);
    if (status === 'paused') queue.cancel(id);
  }
  const { id } = fixture.ask();
  fixture.claim();
  queue.cancel(id);
  assert.throws(() => queue.pause(id), { code: 'wrong_state' }, 'a cancel is not taken back');
});

test('what makes no sense is refused', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.ask();
  assert.throws(() => queue.resume(id), { code: 'wrong_state' });
  queue.cancel(id);
  const changes: Array<() => unknown> = [
    () => queue.pause(id),
    () => queue.resume(id),
    () => queue.prioritize(id, 1),
    () => queue.cancel(id),
  ];
  for (const change of changes) assert.throws(change, { code: 'wrong_state' }, `${change}`);
  assert.throws(() => queue.pause('99'), { code: 'not_found' });
});

test('a higher priority goes first, also when it is given later', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const names = ['a', 'b', 'c', 'd'];
  const [, b, , d] = names.map((instruction) =>
    fixture.ask({ instruction, kind: instruction === 'd' ? 'tag' : 'ask' }),
  );
  queue.prioritize(d?.id ?? '', 5);
  queue.prioritize(b?.id ?? '', 9);
  queue.prioritize(b?.id ?? '', 9);
  assert.deepEqual(fixture.types(b?.id ?? ''), ['submitted', 'prioritized'], 'the same again is nothing');
  assert.deepEqual(
    names.map(() => fixture.claim().task.instruction),
    ['b', 'd', 'a', 'c'],
  );
});

test('a task whose attempts are used up is a dead letter until a person tries it again', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.ask({ maxAttempts: 2 });
  const other = fixture.ask();
  for (let n = 0; n < 2; n++) queue.fail(id, fixture.claim().fence, crashed, again);
  fixture.end(other.id, 'failed');
  const dead = () => queue.list({ dead: true, limit: 9 }).tasks.map((task: Task) => [task.id, task.dead, task.status]);
  assert.deepEqual(dead(), [[id, true, 'failed']]);
  assert.equal(queue.get(other.id).dead, false, 'what would fail again is not one');
  const revived = queue.retry(id);
  assert.deepEqual([revived.dead, revived.attempts, revived.status], [false, 0, 'pending']);
  assert.deepEqual(dead(), []);
  for (let n = 0; n < 2; n++) {
    fixture.claim('dead');
    queue.reap(() => false);
  }
  assert.deepEqual(dead(), [[id, true, 'failed']], 'servers that died with it count too');
});

test('a retry from a step keeps the steps before it', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  fixture.ask();
  const { id, fence } = work(fixture);
  queue.emit(id, fence, 'proposal', { status: 'open', files: [] });
  queue.write(id, fence, () => db.exec(`INSERT INTO proposals VALUES (1, 'open', NULL, 0, 0)`));
  const fail = () => fixture.queue.fail(id, fixture.claim().fence, crashed, { retryable: false, delayMs: 0 });
  queue.fail(id, fence, crashed, { retryable: false, delayMs: 0 });
  assert.deepEqual(
    queue.steps(id).map(({ step, kind }) => [step, kind]),
    [
      [1, 'turn'],
      [2, 'call'],
      [3, 'proposal'],
    ],
  );
  for (const step of [5, 100])
    assert.throws(() => queue.retry(id, step), { code: 'invalid_params', message: /3 steps/ });
  queue.retry(id, 4);
  assert.equal(queue.get(id).proposal, 'open', 'edits that are a step before stay');
  assert.equal(queue.steps(id).length, 3);
  fail();
  assert.equal(queue.get(id).proposal, 'open');
  queue.retry(id, 2);
  assert.equal(queue.get(id).proposal, null);
  assert.deepEqual(fixture.types(id).slice(-2), ['retry', 'resumed']);
  const claim = fixture.claim();
  assert.deepEqual(
    claim.history.map(({ type }) => type),
    ['turn'],
  );
  queue.fail(id, claim.fence, crashed, { retryable: false, delayMs: 0 });
  queue.retry(id);
  assert.deepEqual(fixture.claim().history, [], 'without a step it begins anew');
});

test('an attempt after a crash goes on behind the finished steps, with their edits', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  fixture.ask();
  const { id, fence } = work(fixture);
  queue.write(id, fence, () => {
    db.exec(`INSERT INTO proposals VALUES (1, 'open', NULL, 0, 0)`);
    queue.emit(id, fence, 'proposal', { status: 'open', files: [] });
  });
  queue.reap(() => false);
  const { history, task } = fixture.claim();
  assert.deepEqual(
    history.map(({ type }) => type),
    ['turn', 'call', 'result', 'proposal'],
  );
  assert.equal(task.proposal, 'open');
});

test('no task starts while the queue is paused, on any server, and everyone hears of it', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const other = await fixture.another();
  const heard: Array<[string, boolean]> = [];
  queue.onState(({ paused }) => heard.push(['here', paused]));
  const stop = other.onState(({ paused }) => heard.push(['there', paused]));
  const running = fixture.ask();
  const { fence } = fixture.claim();
  const { id } = fixture.ask();
  assert.deepEqual(queue.setPaused(true), { paused: true, counts: queue.counts() });
  queue.setPaused(true);
  assert.equal(queue.get(id).waits, 'the queue is paused');
  assert.equal(queue.claim('here', LEASE), null);
  assert.equal(other.claim('there', LEASE), null);
  queue.complete(running.id, fence, 'ok');
  other.poll();
  other.setPaused(false);
  queue.poll();
  assert.deepEqual(heard, [
    ['here', true],
    ['there', true],
    ['there', false],
    ['here', false],
  ]);
  stop();
  queue.setPaused(true);
  other.poll();
  assert.equal(heard.length, 5);
  queue.setPaused(false);
  assert.equal(fixture.claim().task.id, id);
});
