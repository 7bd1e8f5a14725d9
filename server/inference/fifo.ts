/** Runs jobs one after another, in the order in which they came. */
export interface Fifo {
  /**
   * Rejects with `signal.reason` at once when the signal aborts. A job that already runs is left to notice the signal
   * itself, and the next one waits until it has.
   */
  run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Jobs running and waiting. */
  readonly length: number;
}

export function createFifo(): Fifo {
  const waiting: (() => Promise<void>)[] = [];
  let running = false;

  const next = () => {
    if (running) return;
    const start = waiting.shift();
    if (start === undefined) return;
    running = true;
    void start().finally(() => {
      running = false;
      next();
    });
  };

  return {
    run: (job, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const onAbort = () => {
          const at = waiting.indexOf(start);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal.reason);
        };
        const start = async () => {
          try {
            resolve(await job());
          } catch (error) {
            reject(error);
          } finally {
            signal.removeEventListener('abort', onAbort);
          }
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(start);
        next();
      }),
    get length() {
      return waiting.length + (running ? 1 : 0);
    },
  };
}
