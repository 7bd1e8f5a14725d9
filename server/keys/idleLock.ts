import type { After } from '../timer.ts';

export interface IdleLockOptions {
  /** 0 is never. */
  minutes: number;
  after: After;
  now: () => number;
  lock(): void;
}

/** Locks when no person has asked for anything for a while. */
export interface IdleLock {
  /** A person asked for something. */
  touch(): void;
  stop(): void;
}

/** Milliseconds between two looks. A machine that slept shows it only by its clock, not by its timers. */
const LOOK_EVERY = 15_000;

export function createIdleLock({ minutes, after, now, lock }: IdleLockOptions): IdleLock {
  const patience = minutes * 60_000;
  let last = now();
  let stop = () => {};
  const look = () => {
    if (Math.abs(now() - last) >= patience) {
      last = now();
      lock();
    }
    stop = after(Math.min(patience, LOOK_EVERY), look);
  };
  if (minutes > 0) stop = after(Math.min(patience, LOOK_EVERY), look);
  return {
    touch() {
      last = now();
    },
    stop: () => stop(),
  };
}
