import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempFolder } from '../support/temp.ts';
import { noFault } from './crash/judge.ts';
import { moments } from './crash/moments.ts';
import { runCrashRounds } from './crash/rounds.ts';

/** Each moment comes up four times; `npm run test:crash` does many more. */
const ROUNDS = 24;

test('killed at random moments of real work, nothing acknowledged is lost and nothing happens twice', {
  timeout: 480_000,
}, async (t) => {
  using folder = tempFolder('crash-rounds');
  const summary = await runCrashRounds({
    rounds: ROUNDS,
    seed: 3,
    folder: folder.path,
    onRound: (round, moment, victim) => t.diagnostic(`${round}: ${moment}, ${victim} killed`),
  });
  t.diagnostic(JSON.stringify(summary));
  assert.deepEqual(summary.verdict, noFault());
  for (const { name } of moments) {
    const killed = (summary.kills[`${name} server`] ?? 0) + (summary.kills[`${name} worker`] ?? 0);
    assert.equal(killed, ROUNDS / moments.length, `kills at ${name}`);
  }
  assert.ok(
    Object.keys(summary.kills).some((kill) => kill.endsWith(' worker')),
    'workers were killed too',
  );
  assert.ok(summary.retries > 0, 'some kills met a task that was running');
  assert.ok(summary.acknowledged.accepts > 0 && summary.acknowledged.schedules > 0, JSON.stringify(summary));
});
