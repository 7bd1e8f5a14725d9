import { OspainError } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import type { Retention } from './retention.ts';
import { type After, after as realAfter } from './timer.ts';

export interface HousekeeperDeps {
  queue: Retention;
  /** How long an ended task keeps its streamed text. */
  retentionDays: number;
  now: () => number;
  log: Log;
  after?: After;
}

/** Applies the retention to all tasks once an hour, a few at a time, so that nobody waits for it. */
export interface Housekeeper {
  start(): void;
  stop(): void;
}

const DAY = 86_400_000;
const EVERY = 3_600_000;
/** Between two looks at some tasks. Milliseconds. */
const PAUSE = 250;
const AT_ONCE = 500;

export function createHousekeeper({ queue, retentionDays, now, log, after = realAfter }: HousekeeperDeps): Housekeeper {
  let cancel: (() => void) | undefined;

  const look = (behind: number): void => {
    let next: number | null = null;
    try {
      next = queue.compact({ before: now() - retentionDays * DAY, behind, limit: AT_ONCE });
    } catch (thrown) {
      log.warn(`compacting old tasks failed: ${OspainError.from(thrown).code}`);
    }
    cancel = next === null ? after(EVERY, () => look(0)) : after(PAUSE, () => look(next));
  };

  return {
    start() {
      // Not in the first moments of a server, when somebody waits for it.
      cancel ??= after(60_000, () => look(0));
    },
    stop() {
      cancel?.();
    },
  };
}
