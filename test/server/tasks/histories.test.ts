import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type OnFailure, OspainError, type TaskEvent } from '../../../protocol/index.ts';
import { LEASE, openQueue, type QueueFixture } from './queueFixture.ts';
import { createModel, type Hold, MAX_ATTEMPTS, type Model, type Wish } from './stateModel.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const WORKERS = ['one', 'two'];
const WRITES = ['text', 'complete', 'fail', 'failForGood', 'cancelled', 'release', 'paused', 'heartbeat'] as const;
const CHANGES = ['cancel', 'retry', 'pause', 'resume', 'prioritize'] as const;

type Write = (typeof WRITES)[number];
type Step =
  | { do: 'submit'; id: string; after: Array<{ on: string; policy: OnFailure }>; parent: string; late: boolean }
  | { do: (typeof CHANGES)[number]; id: string; priority: number }
  | { do: 'claim'; worker: string }
  | { do: 'write'; hold: number; how: Write }
  | { do: 'pass'; ms: number }
  | { do: 'reap'; dead: string }
  | { do: 'setPaused'; paused: boolean };

const id = fc.constantFrom(...IDS);
const priority = fc.nat(2);
const submission = (ids: readonly string[], others: readonly string[]): fc.Arbitrary<Step> =>
  fc.record({
    do: fc.constant('submit'),
    id: fc.constantFrom(...ids),
    after:
      others.length === 0
        ? fc.constant([])
        : fc.uniqueArray(
            fc.record({
              on: fc.constantFrom(...others),
              policy: fc.constantFrom<OnFailure>('cancel', 'run', 'hold', 'hold'),
            }),
            { maxLength: 3, selector: ({ on }) => on },
          ),
    parent: fc.constantFrom('', '', '', ...others),
    late: fc.boolean(),
  });
/** Most tasks are there from the beginning, each with edges to those before it. */
const beginning = fc.tuple(...IDS.slice(0, 4).map((own, index) => submission([own], IDS.slice(0, index))));
const step: fc.Arbitrary<Step> = fc.oneof(
  submission(IDS, IDS),
  { arbitrary: fc.record({ do: fc.constantFrom(...CHANGES), id, priority }), weight: 5 },
  { arbitrary: fc.record({ do: fc.constant('claim'), worker: fc.constantFrom(...WORKERS) }), weight: 5 },
  {
    // 0 is the newest lease; larger numbers are ones that may be long lost.
    arbitrary: fc.record({ do: fc.constant('write'), hold: fc.nat(4), how: fc.constantFrom(...WRITES) }),
    weight: 6,
  },
  fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 500, LEASE) }),
  fc.record({ do: fc.constant('reap'), dead: fc.constantFrom('none', ...WORKERS) }),
  fc.record({ do: fc.constant('setPaused'), paused: fc.boolean() }),
);

/** What may follow what in the log of one task. */
const WAITING = ['started', 'cancelled', 'prioritized', 'waiting'];
const WORKING = [
  'text',
  'cancelAsked',
  'pauseAsked',
  'resumed',
  'prioritized',
  'done',
  'failed',
  'cancelled',
  'retry',
  'waiting',
];
const FOLLOWS: Record<string, string[]> = {
  submitted: WAITING,
  retry: WAITING,
  waiting: WAITING,
  prioritized: [...WAITING, ...WORKING],
  started: WORKING,
  text: WORKING,
  pauseAsked: WORKING,
  resumed: WORKING,
  cancelAsked: ['text', 'done', 'cancelled', 'prioritized'],
  done: [],
  failed: ['retry'],
  cancelled: ['retry'],
};

interface World {
  fixture: QueueFixture;
  model: Model;
  wishes: Map<string, Wish>;
  /** All leases there ever were, the newest first. */
  holds: Hold[];
}

/** Whether the queue allowed it; what it may refuse with is said beside it. */
function allowed(run: () => unknown, codes: string[]): boolean {
  try {
    run();
    return true;
  } catch (thrown) {
    assert.ok(thrown instanceof OspainError && codes.includes(thrown.code), String(thrown));
    return false;
  }
}

/** Takes a step with the queue and with the model. */
function take({ fixture, model, wishes, holds }: World, step: Step): void {
  const { queue, clock } = fixture;
  if (step.do === 'pass') {
    clock.now += step.ms;
  } else if (step.do === 'submit') {
    const fresh = {
      id: step.id,
      after: step.after.filter(({ on }) => on !== step.id),
      parent: step.parent === '' || step.parent === step.id ? undefined : step.parent,
      priority: 0,
      notBefore: step.late ? clock.now + 500 : 0,
    };
    const known = wishes.get(step.id);
    const wish = known ?? fresh;
    const { after, parent, priority, notBefore } = wish;
    const took = allowed(
      () =>
        fixture.ask({
          ...{ id: step.id, priority, notBefore, parentId: parent, maxAttempts: MAX_ATTEMPTS },
          dependsOn: after.map(({ on, policy }) => ({ taskId: on, onFailure: policy })),
        }),
      ['not_found', 'wrong_state'],
    );
    assert.equal(took, known !== undefined || model.submit(fresh), 'submit');
    if (took) wishes.set(step.id, wish);
  } else if (step.do === 'claim') {
    const claim = queue.claim(step.worker, LEASE);
    assert.equal(claim?.task.id, model.next()?.id, 'who is next');
    if (claim === null) return;
    const hold = { id: claim.task.id, fence: claim.fence, worker: step.worker, until: clock.now + LEASE };
    assert.ok(!holds.some(({ id, fence }) => id === hold.id && fence >= hold.fence), 'a fence was given away again');
    holds.unshift(hold);
    model.claimed(hold);
  } else if (step.do === 'reap') {
    queue.reap((worker) => worker !== step.dead);
    model.reap(step.dead);
  } else if (step.do === 'setPaused') {
    queue.setPaused(step.paused);
    model.setPaused(step.paused);
  } else if (step.do === 'write') {
    const hold = holds[step.hold];
    if (hold === undefined) return;
    const holding = model.tasks.get(hold.id)?.holder === hold;
    assert.equal(write(fixture, hold, step.how), holding, `${step.how} of a ${holding ? 'held' : 'lost'} lease`);
    if (holding && step.how === 'heartbeat') hold.until = clock.now + LEASE;
    else if (holding && step.how !== 'heartbeat') model.write(hold.id, step.how);
  } else {
    const change = step.do;
    const there = model.tasks.has(step.id);
    const took = allowed(
      () => (change === 'prioritize' ? queue.prioritize(step.id, step.priority) : queue[change](step.id)),
      there ? ['wrong_state', 'invalid_params'] : ['not_found'],
    );
    assert.equal(took, there && model[change](step.id, step.priority), change);
  }
}

/** Whether the queue took it. */
function write({ queue }: QueueFixture, { id, fence }: Hold, how: Write): boolean {
  const error = new OspainError('worker_failed', 'x');
  return allowed(() => {
    if (how === 'text') queue.emit(id, fence, 'text', { turn: 1, text: 'x' });
    if (how === 'complete') queue.complete(id, fence, 'x');
    if (how === 'fail') queue.fail(id, fence, error, { retryable: true, delayMs: 500 });
    if (how === 'failForGood') queue.fail(id, fence, error, { retryable: false, delayMs: 0 });
    if (how === 'cancelled') queue.cancelled(id, fence);
    if (how === 'release') queue.release(id, fence);
    if (how === 'paused') queue.paused(id, fence);
    if (how === 'heartbeat' && queue.heartbeat(id, fence, LEASE) === 'lost') throw new OspainError('lease_lost', 'x');
  }, ['lease_lost']);
}

/** The queue and the model say the same of every task. */
function assertSame({ fixture: { queue }, model }: World): void {
  const tasks = [...model.tasks.values()];
  for (const expected of tasks) {
    const task = queue.get(expected.id);
    const parts = tasks.filter(({ parent }) => parent === expected.id);
    const ended = parts.filter(({ status }) => ['done', 'failed', 'cancelled'].includes(status));
    assert.deepEqual(
      [task.id, task.status, task.attempts, task.dead, task.priority, task.children],
      [
        ...[expected.id, expected.status, expected.attempts, expected.dead, expected.priority],
        { total: parts.length, ended: ended.length },
      ],
    );
    assert.equal(task.waits === null, ['running', 'done', 'failed', 'cancelled'].includes(task.status));
  }
  const counts = queue.counts();
  for (const [status, n] of Object.entries(counts))
    assert.equal(n, tasks.filter((task) => task.status === status).length, status);
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

test('whatever happens in whatever order, tasks are where the model says, each log is whole and only holders write', {
  timeout: 300_000,
}, async () => {
  const property = fc.asyncProperty(
    beginning,
    fc.array(step, { minLength: 30, maxLength: 150 }),
    async (first, then) => {
      using fixture = await openQueue();
      const world: World = { fixture, model: createModel(fixture.clock), wishes: new Map(), holds: [] };
      for (const step of [...first, ...then]) {
        take(world, step);
        assertSame(world);
      }
      const { queue, told } = fixture;
      for (const task of queue.list({ limit: 100 }).tasks) {
        const events = queue.events(task.id);
        assertLog(events, task.lastSeq);
        const heard = told.flatMap((change) => change.events).filter(({ taskId }) => taskId === task.id);
        assert.deepEqual(heard, events, 'listeners heard all of it in order');
      }
    },
  );
  await fc.assert(property, { seed: 20_260_101, numRuns: 80 });
});
