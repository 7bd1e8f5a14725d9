import type { Misfire } from '../../protocol/index.ts';
import type { Occurrences } from './occurrences.ts';

/** What is noticed later than this was missed. Milliseconds; a server sleeps for no more than a minute. */
const GRACE_MS = 90_000;
/** Missed due times that run after all; older ones are merged into them. */
const CATCH_UP = 100;

/** Of the due times up to `now` that nobody has dealt with, the first that runs. */
export function runsFrom(misfire: Misfire, occurrences: Occurrences, now: number): number {
  if (misfire === 'skip') return now - GRACE_MS;
  return occurrences.newest(misfire === 'once' ? 1 : CATCH_UP, now) ?? now;
}

/** How many due times of a schedule may wait for its conditions at one moment. */
export const mayWait = (misfire: Misfire): number => (misfire === 'all' ? CATCH_UP : 1);
