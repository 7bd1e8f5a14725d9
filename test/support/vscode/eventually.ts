import { setTimeout as delay } from 'node:timers/promises';

/** Of one wait, where the caller gives none: the machine may be building and loading models at the same time. */
export const patienceMs = 120_000;

/** Tries until it succeeds. The error says what did not happen, and carries the last try's own. */
export async function eventually<T>(unmet: string, attempt: () => Promise<T>, timeoutMs = patienceMs): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`${unmet} within ${timeoutMs / 1000} s`, { cause });
    }
    await delay(100);
  }
}
