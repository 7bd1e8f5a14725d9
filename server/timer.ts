/** Runs something later, once, and answers how to call it off. `ms` is milliseconds. */
export type After = (ms: number, run: () => void) => () => void;

/** Beyond this, Node's timers fire at once. */
const LONGEST = 2_147_483_647;

/** On real time. A waiting timer does not keep the process alive. */
export const after: After = (ms, run) => {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST));
  timer.unref();
  return () => clearTimeout(timer);
};
