import { OspainError } from '../../../protocol/index.ts';

/** Time as a download sees it; tests have one of their own. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number;
  /** Runs something later, once, and answers how to call it off. Milliseconds. */
  after(ms: number, run: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Rejects with `cancelled` when the signal is aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      callOff();
      reject(cancelled());
    };
    const callOff = clock.after(ms, () => {
      signal?.removeEventListener('abort', cancel);
      resolve();
    });
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener('abort', cancel, { once: true });
  });
}

export const cancelled = (): OspainError => new OspainError('cancelled', 'The transfer was cancelled.');

export interface Watch {
  signal: AbortSignal;
  touch(): void;
  stop(): void;
}

/** Aborts its signal with `reason` when it was not touched for `ms`. */
export function createWatch(clock: Clock, ms: number, reason: () => OspainError): Watch {
  const over = new AbortController();
  const start = () => clock.after(ms, () => over.abort(reason()));
  let callOff = start();
  return {
    signal: over.signal,
    touch() {
      callOff();
      callOff = start();
    },
    stop: () => callOff(),
  };
}
