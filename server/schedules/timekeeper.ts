import { OspainError } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import { type After, after as realAfter } from '../timer.ts';
import type { Conditions } from './conditions.ts';
import type { Schedules } from './schedules.ts';

export interface TimekeeperDeps {
  schedules: Schedules;
  conditions: Conditions;
  now: () => number;
  log: Log;
  after?: After;
  /** There are new tasks. */
  onSubmitted: () => void;
}

/** Submits the tasks of schedules when they are due. */
export interface Timekeeper {
  start(): void;
  /** A schedule changed: the next due time may be another. */
  wake(): void;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** The longest sleep, in milliseconds: by then it is seen that a clock was set or the machine slept. */
const LONGEST = 60_000;
/** After trouble with the database. Milliseconds. */
const AGAIN = 5000;

export function createTimekeeper(deps: TimekeeperDeps): Timekeeper {
  const { schedules, conditions, now, log, after = realAfter, onSubmitted } = deps;
  let state: 'new' | 'working' | 'stopped' = 'new';
  let cancel = () => {};
  let round: Promise<void> | null = null;
  let asked = false;

  const submitted = (tasks: number) => {
    if (tasks === 0) return;
    log.info(`schedules submitted ${tasks} tasks`);
    onSubmitted();
  };

  /** Resolves with the milliseconds until there may be something to do again. */
  const work = async (): Promise<number> => {
    schedules.poll();
    const settled = schedules.settle();
    submitted(settled.submitted);
    const awaited = schedules.awaited();
    if (awaited.size > 0) {
      const holding = await conditions.holding(awaited);
      // Asking takes a while, and the database may be closed by now.
      if (state !== 'working') return LONGEST;
      submitted(schedules.release(holding));
    }
    if (settled.failed !== null) throw settled.failed;
    const next = schedules.nextAt();
    if (settled.more) return 0;
    return next === null ? LONGEST : Math.min(Math.max(next - now(), 1), LONGEST);
  };

  const tick = async (): Promise<void> => {
    asked = false;
    let wait = AGAIN;
    try {
      wait = await work();
    } catch (thrown) {
      const error = OspainError.from(thrown);
      log.warn(`schedules were not dealt with: ${error.code}`);
    }
    // In one turn: a wake in between would find neither a round nor a timer to hasten.
    round = null;
    if (state === 'working') cancel = after(asked ? 0 : wait, run);
  };

  const run = () => {
    asked = true;
    if (state !== 'working' || round !== null) return;
    cancel();
    round = tick();
  };

  return {
    start() {
      if (state !== 'new') return;
      state = 'working';
      run();
    },
    wake: run,
    async stop() {
      state = 'stopped';
      cancel();
      await round;
    },
  };
}
