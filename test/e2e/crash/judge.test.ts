import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Db } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { LEASE, openQueue, type QueueFixture } from '../../server/tasks/queueFixture.ts';
import { type EventFact, type Facts, factsOf } from './facts.ts';
import { judge, type Verdict } from './judge.ts';
import { isFlawless } from './rounds.ts';
import { noWishes, type Wishes } from './wishes.ts';

const event = (taskId: string, seq: number, type: string, data: object = {}): EventFact => ({
  taskId,
  seq,
  type,
  data: JSON.stringify(data),
  fence: seq === 1 ? 0 : 1,
});

const file = { path: 'a.ts', before: 'old', after: 'new', instruction: 'Change it.' };

/** A client to whom everything was acknowledged, and a workspace in which all of it is there. */
function world(): { wishes: Wishes; facts: Facts & { files: Map<string, string> } } {
  const wishes = noWishes();
  wishes.edits.push({ id: 'edit', ...file, autoAccept: 'none', submit: 'answered', accept: 'answered' });
  wishes.parked.push({ id: 'parked', submit: 'answered', cancel: 'answered' });
  wishes.planned.push({ id: 'plan', ...file, path: 'b.ts', at: 1, create: 'answered' });
  wishes.seen.push({ taskId: 'edit', seq: 4, at: 1, type: 'done', data: { text: 'Done.' } });
  const edited = (id: string) => [
    event(id, 1, 'submitted'),
    event(id, 2, 'started'),
    event(id, 3, 'proposal', { status: 'open' }),
    event(id, 4, 'done', { text: 'Done.' }),
    event(id, 5, 'proposal', { status: 'accepted' }),
  ];
  const facts = {
    integrity: 'ok',
    tasks: [
      { id: 'edit', status: 'done', lastSeq: 5, proposal: 'accepted' },
      { id: 'parked', status: 'cancelled', lastSeq: 2, proposal: null },
      { id: 'planned', status: 'done', lastSeq: 5, proposal: 'accepted' },
    ],
    events: [...edited('edit'), event('parked', 1, 'submitted'), event('parked', 2, 'cancelled'), ...edited('planned')],
    schedules: ['plan'],
    runs: [{ scheduleId: 'plan', outcome: 'submitted', taskId: 'planned' }],
    files: new Map([
      ['a.ts', 'new'],
      ['b.ts', 'new'],
    ]),
  };
  return { wishes, facts };
}

const judged = ({ wishes, facts }: ReturnType<typeof world>) => judge(wishes, facts, { final: true, start: new Map() });

test('a world in which all is there is flawless', () => {
  assert.equal(isFlawless(judged(world())), true);
});

const faults: [what: string, fault: keyof Verdict, harm: (facts: ReturnType<typeof world>['facts']) => void][] = [
  ['a task that is not there', 'lost', ({ tasks }) => tasks.shift()],
  ['an event that is not there', 'lost', ({ events }) => events.splice(3, 2)],
  ['an event that says something else', 'lost', ({ events }) => events.splice(3, 1, event('edit', 4, 'done'))],
  ['an accept that is forgotten', 'lost', ({ tasks }) => tasks.splice(0, 1, { ...first(tasks), proposal: 'open' })],
  ['a cancel that is forgotten', 'lost', ({ tasks }) => tasks.splice(1, 1, { ...first(tasks), id: 'parked' })],
  ['a schedule that is not there', 'lost', ({ schedules }) => schedules.pop()],
  ['a second end', 'endedTwice', ({ events }) => events.splice(4, 0, event('edit', 5, 'done'))],
  ['a run behind the end', 'endedTwice', ({ events }) => events.splice(4, 0, event('edit', 5, 'started'))],
  ['a second accept', 'endedTwice', ({ events }) => events.push({ ...events[4], seq: 6 } as EventFact)],
  ['a gap', 'gaps', ({ events }) => events.splice(1, 1)],
  ['a log that ends early', 'gaps', ({ events }) => events.pop()],
  ['an event of an old lease', 'stale', ({ events }) => events.splice(4, 1, { ...event('edit', 5, 'text'), fence: 0 })],
  ['a due time that was dealt with twice', 'schedules', ({ runs }) => runs.push(first(runs))],
  ['a due time that was forgotten', 'schedules', ({ runs }) => runs.pop()],
  ['a task that nobody asked for', 'schedules', ({ tasks }) => tasks.push({ ...first(tasks), id: 'more' })],
  ['an edit that is not on disk', 'files', ({ files }) => files.set('a.ts', 'old')],
  ['a file that nobody asked for', 'files', ({ files }) => files.set('a.ts.new', 'new')],
  ['a task without an end', 'unfinished', ({ tasks }) => tasks.splice(0, 1, { ...first(tasks), status: 'running' })],
];

function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('it is empty');
  return item;
}

for (const [what, fault, harm] of faults)
  test(`${what} is seen`, () => {
    const { wishes, facts } = world();
    harm(facts);
    assert.notDeepEqual(judged({ wishes, facts })[fault], []);
  });

/** The same database, as a queue sees it that was written without the fence. */
const unfenced = (db: Db): Db =>
  new Proxy(db, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'prepare') return value.bind(target);
      return (sql: string) => target.prepare(sql.replaceAll(/\b(?:t\.)?fence = (\?|@fence)/g, '$1 IS NOT NULL'));
    },
  });

/** A server that slept through its lease wakes up and goes on, while another one runs its task. */
function sleeper({ queue, submit }: QueueFixture, asleep: typeof queue): void {
  const { id } = submit();
  const mine = asleep.claim('asleep', LEASE) ?? assert.fail('nothing to claim');
  queue.reap(() => false);
  assert.equal(queue.claim('awake', LEASE)?.task.id, id);
  asleep.emit(id, mine.fence, 'text', { turn: 1, text: 'Where was I?' });
  asleep.complete(id, mine.fence, 'of the one that slept');
}

// With the same mutation `test/server/tasks/leases.test.ts` fails in "who lost the lease can write nothing"; here it is shown
// that the judge of the crash rounds sees it too.
test('a queue without the fence is caught', async () => {
  const verdict = ({ db }: QueueFixture) =>
    judge(noWishes(), { ...factsOf(db), files: new Map() }, { final: false, start: new Map() });
  using right = await openQueue();
  assert.throws(() => sleeper(right, right.queue), { code: 'lease_lost' });
  assert.equal(isFlawless(verdict(right)), true);
  using wrong = await openQueue();
  const { db, clock } = wrong;
  sleeper(wrong, createQueue({ db: unfenced(db), now: () => clock.now, onChange: () => {} }));
  assert.equal(verdict(wrong).stale.length, 1);
});
