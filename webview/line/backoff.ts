const FIRST_MS = 250;
const MOST_MS = 8000;

export interface Backoff {
  /** Milliseconds to wait before the next try. */
  next(): number;
  reset(): void;
}

/** Each wait is twice the one before, up to 8 s, less up to a half by chance, so that many hubs do not come back at one moment. */
export function createBackoff(random: () => number): Backoff {
  let tries = 0;
  return {
    next() {
      const whole = Math.min(MOST_MS, FIRST_MS * 2 ** tries);
      tries += 1;
      return Math.round(whole * (1 - random() / 2));
    },
    reset() {
      tries = 0;
    },
  };
}
