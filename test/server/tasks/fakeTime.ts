import { setImmediate as turn } from 'node:timers/promises';
import type { After } from '../../../server/timer.ts';

/** Timers that fire when the test says so, on the same clock as the queue. */
export interface FakeTime {
  after: After;
  /** Moves the clock and runs what comes due on the way, in order; lets promises settle in between. */
  pass(ms: number): Promise<void>;
  /** How many timers wait. */
  waiting(): number;
}

export function fakeTime(clock: { now: number }): FakeTime {
  const timers = new Set<{ at: number; run: () => void }>();
  const settle = async () => {
    for (let n = 0; n < 5; n++) await turn();
  };
  return {
    after(ms, run) {
      const timer = { at: clock.now + ms, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async pass(ms) {
      const end = clock.now + ms;
      await settle();
      for (;;) {
        const next = [...timers].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        timers.delete(next);
        clock.now = Math.max(clock.now, next.at);
        next.run();
        await settle();
      }
      clock.now = end;
      await settle();
    },
    waiting: () => timers.size,
  };
}
