const WINDOW_MS = 180_000;
const DELAYS_MS = [250, 1000, 2000, 4000, 8000];

export interface Backoff {
  /** Milliseconds to wait before the next start; undefined when it has ended too often within three minutes. */
  next(): number | undefined;
  reset(): void;
}

/** How soon a server that ended is started again. `now` is in milliseconds. */
export function createBackoff(now: () => number): Backoff {
  let ends: number[] = [];
  return {
    next() {
      const at = now();
      ends = ends.filter((end) => at - end < WINDOW_MS);
      const delay = DELAYS_MS[ends.length];
      ends.push(at);
      return delay;
    },
    reset() {
      ends = [];
    },
  };
}
