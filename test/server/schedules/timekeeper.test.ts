import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Condition, Misfire, Schedule } from '../../../protocol/index.ts';
import { occurrencesOf } from '../../../server/schedules/occurrences.ts';
import { taskIdOf } from '../../../server/schedules/scheduleRow.ts';
import {
  DAY,
  every,
  HOUR,
  MINUTE,
  openWorkspace,
  params,
  runs,
  type Server,
  START,
  type Workspace,
} from './fixture.ts';

type Step =
  | { do: 'create'; cron: string; misfire: Misfire; conditions: Condition[] }
  | { do: 'once'; ms: number }
  | { do: 'pass' | 'jump'; ms: number }
  | { do: 'start' | 'stop'; server: 0 | 1 }
  | { do: 'toggle'; number: number; enabled: boolean }
  | { do: 'remove'; number: number }
  | { do: 'hold'; condition: Condition; holds: boolean };

const server = fc.constantFrom<0 | 1>(0, 1);
const misfire = fc.constantFrom<Misfire>('skip', 'once', 'all');
const condition = fc.constantFrom<Condition>('idle', 'mains');
const conditions = fc.uniqueArray(condition, { maxLength: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      ...{ do: fc.constant('create'), misfire, conditions },
      cron: fc.constantFrom('*/7 * * * *', '0 * * * *', '30 2 * * *'),
    }),
    weight: 2,
  },
  fc.record({ do: fc.constant('once'), ms: fc.constantFrom(1, MINUTE, 5 * HOUR) }),
  { arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(1, 59_000, 11 * MINUTE, HOUR) }), weight: 5 },
  { arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.constantFrom(-HOUR, -MINUTE, HOUR, DAY) }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('start'), server }), weight: 2 },
  fc.record({ do: fc.constant('stop'), server }),
  fc.record({ do: fc.constant('toggle'), number: fc.integer({ min: 1, max: 4 }), enabled: fc.boolean() }),
  fc.record({ do: fc.constant('remove'), number: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('hold'), condition, holds: fc.boolean() }),
);

interface History {
  workspace: Workspace;
  /** Reads and changes, and works no schedule. */
  client: Server;
  working: Array<Server | null>;
  made: Schedule[];
  /** Numbers of schedules that were off at some time, and need not answer for all due times. */
  switched: Set<number>;
  /** The latest that any clock showed. */
  latest: number;
}

async function take(history: History, step: Step): Promise<void> {
  const { workspace, client, working, made, switched } = history;
  const known = 'number' in step && step.number <= made.length;
  const make = (wanted: Parameters<typeof params>[0]) => {
    made.push(client.schedules.create(params(wanted)));
    for (const worker of working) worker?.wake();
  };
  if (step.do === 'create') {
    const { cron, misfire, conditions } = step;
    make({ when: every(cron, 'Europe/Berlin'), misfire, conditions });
  } else if (step.do === 'once') {
    make({ when: { at: workspace.now() + step.ms } });
  } else if (step.do === 'pass') {
    await workspace.time.pass(step.ms);
  } else if (step.do === 'jump') {
    workspace.jump(step.ms);
  } else if (step.do === 'start') {
    working[step.server] ??= await workspace.server();
    working[step.server]?.start();
  } else if (step.do === 'stop') {
    await working[step.server]?.stop();
    working[step.server] = null;
  } else if (step.do === 'hold') {
    workspace.holds[step.condition] = step.holds;
  } else if (known && client.schedules.list().some(({ number }) => number === step.number)) {
    switched.add(step.number);
    if (step.do === 'toggle') client.schedules.enable(String(step.number), step.enabled);
    else client.schedules.remove(String(step.number));
  }
  history.latest = Math.max(history.latest, workspace.now());
}

/** Everything holds, both servers work, and no clock is behind what it once was. */
async function settle(history: History): Promise<void> {
  const { workspace, latest } = history;
  Object.assign(workspace.holds, { idle: true, mains: true });
  if (workspace.now() < latest) workspace.jump(latest - workspace.now());
  for (const server of [0, 1] as const) await take(history, { do: 'start', server });
  await workspace.time.pass(2 * MINUTE);
}

function assertLedger({ workspace, client, switched }: History, { id, number, when, createdAt }: Schedule): string[] {
  const occurrences = occurrencesOf('at' in when ? when : { cron: when.cron, timeZone: when.timeZone ?? '' });
  const due: number[] = [];
  for (let at = occurrences.after(createdAt); at !== null && at <= workspace.now(); at = occurrences.after(at))
    due.push(at);
  const rows = runs(client.schedules, id);
  const dealtWith = rows.map(({ dueAt }) => dueAt);
  assert.equal(new Set(dealtWith).size, dealtWith.length);
  if (!switched.has(number)) assert.deepEqual(dealtWith, due, 'every due time has its row');
  else assert.ok(dealtWith.every((at) => due.includes(at)));
  return rows.flatMap(({ outcome, taskId, dueAt }) => {
    assert.notEqual(outcome, 'waiting');
    assert.equal(taskId, outcome === 'submitted' ? taskIdOf(id, dueAt) : null);
    return taskId ?? [];
  });
}

test('each due time has one row and at most one task, whatever clocks and servers do', {
  timeout: 600_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 50 }), async (steps) => {
    await using workspace = await openWorkspace();
    const client = await workspace.server();
    const history: History = {
      ...{ workspace, client, working: [null, null], made: [], switched: new Set() },
      latest: START,
    };
    for (const one of steps) await take(history, one);
    await settle(history);
    const submitted = history.made.flatMap((schedule) => assertLedger(history, schedule));
    const tasks = client.db.prepare<[], { uid: string }>('SELECT uid FROM tasks').all();
    assert.deepEqual(tasks.map(({ uid }) => uid).toSorted(), submitted.toSorted(), 'no task without its row');
  });
  await fc.assert(property, { seed: 20_261_123, numRuns: 30 });
});
