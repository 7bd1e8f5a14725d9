import { OspainError } from '../../protocol/index.ts';
import type { Log } from '../log.ts';
import { type After, after as realAfter } from '../timer.ts';
import type { Retention } from './retention.ts';

export interface HousekeeperDeps {
  queue: Retention;
  /** How long an ended task keeps its streamed text. */
  retentionDays: number;
  /** Above this size of the database the oldest ended tasks give theirs up sooner. */
  retentionBytes: number;
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

export function createHousekeeper(deps: HousekeeperDeps): Housekeeper {
  const { queue, retentionDays, retentionBytes, now, log, after = realAfter } = deps;
  let cancel: (() => void) | undefined;

  const tooLarge = () => queue.usedBytes() > retentionBytes;

  /** The next portion of a round over all tasks; a second round, of all ages, only while there is too much. */
  const step = (behind: number, anyAge: boolean): void => {
    let then: { behind: number; anyAge: boolean } | undefined;
    try {
      const before = now() - (anyAge ? 0 : retentionDays * DAY);
      const next = anyAge && !tooLarge() ? null : queue.compact({ before, behind, limit: AT_ONCE });
      if (next !== null) then = { behind: next, anyAge };
      else if (!anyAge && tooLarge()) then = { behind: 0, anyAge: true };
    } catch (thrown) {
      log.warn(`compacting old tasks failed: ${OspainError.from(thrown).code}`);
    }
    cancel = then ? after(PAUSE, () => step(then.behind, then.anyAge)) : after(EVERY, () => step(0, false));
  };

  return {
    start() {
      // Not in the first moments of a server, when somebody waits for it.
      cancel ??= after(60_000, () => step(0, false));
    },
    stop() {
      cancel?.();
    },
  };
}
