export interface Throttle {
  /** Asks for a run: now if the last one is long enough ago, else once when it is. */
  (): void;
  dispose(): void;
}

/** Lets `run` happen at most once in `intervalMs`, and always after the last request. */
export function createThrottle(run: () => void, intervalMs: number): Throttle {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = false;
  const open = () => {
    timer = undefined;
    if (!asked) return;
    fire();
  };
  const fire = () => {
    asked = false;
    timer = setTimeout(open, intervalMs);
    run();
  };
  const request = () => {
    if (timer === undefined) fire();
    else asked = true;
  };
  return Object.assign(request, {
    dispose() {
      clearTimeout(timer);
      timer = undefined;
      asked = false;
    },
  });
}
