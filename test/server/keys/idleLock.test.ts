import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIdleLock } from '../../../server/keys/idleLock.ts';

/** A lock on a clock of the test's own; `pass` lets timers run, `sleep` is a machine that slept. */
function bench(minutes: number) {
  let time = 0;
  let waiting: { at: number; run: () => void } | null = null;
  let locks = 0;
  const idle = createIdleLock({
    minutes,
    after: (ms, run) => {
      const mine = { at: time + ms, run };
      waiting = mine;
      return () => {
        if (waiting === mine) waiting = null;
      };
    },
    now: () => time,
    lock: () => {
      locks += 1;
    },
  });
  const due = () => (waiting !== null && waiting.at <= time ? waiting : null);
  return {
    idle,
    locks: () => locks,
    waits: () => waiting !== null,
    pass(ms: number) {
      for (const end = time + ms; time < end; ) {
        time = Math.min(end, waiting?.at ?? end);
        due()?.run();
      }
    },
    sleep(ms: number) {
      time += ms;
      due()?.run();
    },
  };
}

test('it locks when nobody asked for so long, and not while somebody does', () => {
  const { idle, locks, pass } = bench(5);
  for (let turn = 0; turn < 10; turn++) {
    pass(4 * 60_000);
    idle.touch();
  }
  assert.equal(locks(), 0);
  pass(5 * 60_000 + 15_000);
  assert.equal(locks(), 1);
  pass(60_000);
  assert.equal(locks(), 1);
});

test('a machine that slept is locked soon after it woke', () => {
  const { locks, sleep, pass } = bench(60);
  pass(30_000);
  sleep(8 * 3_600_000);
  assert.equal(locks(), 1);
});

test('0 is never, and a lock that was stopped does nothing', () => {
  const never = bench(0);
  assert.equal(never.waits(), false);
  const stopped = bench(1);
  stopped.idle.stop();
  stopped.pass(600_000);
  assert.equal(stopped.locks(), 0);
});
