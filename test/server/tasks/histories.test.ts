import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OspainError, type TaskEvent } from '../../../protocol/index.ts';
import { LEASE, openQueue, type QueueFixture } from './queueFixture.ts';

const IDS = ['a', 'b', 'c', 'd'];
const WORKERS = ['one', 'two'];
const WRITES = ['text', 'complete', 'fail', 'failForGood', 'cancelled', 'release', 'heartbeat'] as const;

type Write = (typeof WRITES)[number];
type Step =
  | { do: 'submit'; id: string }
  | { do: 'cancel'; id: string }
  | { do: 'retry'; id: string }
  | { do: 'claim'; worker: string }
  | { do: 'write'; hold: number; how: Write }
  | { do: 'pass'; ms: number }
  | { do: 'reap'; dead: string };

const id = fc.constantFrom(...IDS);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('submit'), id }), weight: 2 },
  fc.record({ do: fc.constant('cancel'), id }),
  fc.record({ do: fc.constant('retry'), id }),
  { arbitrary: fc.record({ do: fc.constant('claim'), worker: fc.constantFrom(...WORKERS) }), weight: 3 },
  {
    // 0 is the newest lease; larger numbers are ones that may be long lost.
    arbitrary: fc.record({ do: fc.constant('write'), hold: fc.nat(4), how: fc.constantFrom(...WRITES) }),
    weight: 5,
  },
  fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 500, LEASE) }),
  fc.record({ do: fc.constant('reap'), dead: fc.constantFrom('none', ...WORKERS) }),
);

interface Hold {
  id: string;
  fence: number;
  worker: string;
  until: number;
}

/** What may follow what in the log of one task. */
const WORKING = ['text', 'cancelAsked', 'done', 'failed', 'cancelled', 'retry'];
const FOLLOWS: Record<string, string[]> = {
  submitted: ['started', 'cancelled'],
  retry: ['started', 'cancelled'],
  started: WORKING,
  text: WORKING,
  cancelAsked: ['text', 'done', 'cancelled'],
  done: [],
  failed: ['retry'],
  cancelled: ['retry'],
};

/** Takes a step and compares with a model that knows nothing but who holds what. */
function take(fixture: QueueFixture, holds: Hold[], held: Map<string, Hold>, step: Step): void {
  const { queue, clock } = fixture;
  const allowed = (run: () => unknown, codes: string[]) => {
    try {
      run();
    } catch (thrown) {
      assert.ok(thrown instanceof OspainError && codes.includes(thrown.code), String(thrown));
    }
  };
  if (step.do === 'pass') {
    clock.now += step.ms;
  } else if (step.do === 'submit') {
    fixture.submit(`task ${step.id}`, step.id);
  } else if (step.do === 'cancel') {
    allowed(() => queue.cancel(step.id), ['not_found', 'wrong_state']);
  } else if (step.do === 'retry') {
    allowed(() => queue.retry(step.id), ['not_found', 'wrong_state']);
  } else if (step.do === 'claim') {
    const claim = queue.claim(step.worker, LEASE);
    if (claim === null) return;
    assert.equal(held.has(claim.task.id), false, 'a task that is held was given away');
    const hold = { id: claim.task.id, fence: claim.fence, worker: step.worker, until: clock.now + LEASE };
    holds.unshift(hold);
    held.set(hold.id, hold);
  } else if (step.do === 'reap') {
    queue.reap((worker) => worker !== step.dead);
    for (const hold of [...held.values()]) {
      const gone: boolean = hold.worker === step.dead || hold.until <= clock.now;
      assert.equal(queue.get(hold.id).status === 'running', !gone);
      if (gone) held.delete(hold.id);
    }
  } else {
    const hold = holds[step.hold];
    if (hold === undefined) return;
    const holding = held.get(hold.id) === hold;
    assert.equal(write(fixture, hold, step.how), holding, `${step.how} of a ${holding ? 'held' : 'lost'} lease`);
    if (holding && step.how === 'heartbeat') hold.until = clock.now + LEASE;
    else if (holding && step.how !== 'text') held.delete(hold.id);
  }
}

/** Whether the queue took it. */
function write({ queue }: QueueFixture, { id, fence }: Hold, how: Write): boolean {
  const error = new OspainError('worker_failed', 'x');
  try {
    if (how === 'text') queue.emit(id, fence, 'text', { turn: 1, text: 'x' });
    if (how === 'complete') queue.complete(id, fence, 'x');
    if (how === 'fail') queue.fail(id, fence, error, { retryable: true, delayMs: 500 });
    if (how === 'failForGood') queue.fail(id, fence, error, { retryable: false, delayMs: 0 });
    if (how === 'cancelled') queue.cancelled(id, fence);
    if (how === 'release') queue.release(id, fence);
    return how === 'heartbeat' ? queue.heartbeat(id, fence, LEASE) !== 'lost' : true;
  } catch (thrown) {
    assert.ok(thrown instanceof OspainError && thrown.code === 'lease_lost', String(thrown));
    return false;
  }
}

function assertLog(events: readonly TaskEvent[], lastSeq: number): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  assert.equal(events.length, lastSeq);
  assert.equal(events[0]?.type, 'submitted');
  for (const [index, { type }] of events.entries()) {
    const next = events[index + 1]?.type;
    if (next !== undefined) assert.ok(FOLLOWS[type]?.includes(next), `${next} after ${type}`);
  }
}

test('whatever happens in whatever order, each log is whole and only holders write', { timeout: 300_000 }, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120 }), async (steps) => {
    using fixture = await openQueue();
    const { queue, told } = fixture;
    const holds: Hold[] = [];
    const held = new Map<string, Hold>();
    for (const step of steps) take(fixture, holds, held, step);
    for (const task of queue.list({ limit: 100 }).tasks) {
      const events = queue.events(task.id);
      assertLog(events, task.lastSeq);
      assert.equal(task.status === 'running', held.has(task.id));
      assert.ok(task.attempts <= task.maxAttempts);
      const heard = told.flatMap((change) => change.events).filter(({ taskId }) => taskId === task.id);
      assert.deepEqual(heard, events, 'listeners heard all of it in order');
    }
  });
  await fc.assert(property, { seed: 20_260_101, numRuns: 60 });
});
