export interface Throttle {
  push(text: string): void;
  /** Sends what is held back, and nothing ever after. */
  finish(): void;
}

/** Passes text on at once when it comes slowly, and in larger pieces, one each `ms` milliseconds, when it comes fast. */
export function createThrottle(send: (text: string) => void, ms: number): Throttle {
  let held = '';
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    if (held === '') return;
    const text = held;
    held = '';
    timer = setTimeout(flush, ms);
    send(text);
  };
  return {
    push(text) {
      held += text;
      if (timer === null) flush();
    },
    finish() {
      if (timer !== null) clearTimeout(timer);
      flush();
      if (timer !== null) clearTimeout(timer);
    },
  };
}
