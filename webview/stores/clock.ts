import { useSyncExternalStore } from 'react';

const MINUTE = 60_000;

/** The time, in Unix milliseconds, as it was at the last full minute: what shows it is drawn anew once a minute. */
export const useMinute = (): number => useSyncExternalStore(eachMinute, minute);

const minute = (): number => Math.floor(Date.now() / MINUTE) * MINUTE;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** One timer for all, while somebody looks. */
function eachMinute(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of [...listeners]) each();
  }, MINUTE);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}
