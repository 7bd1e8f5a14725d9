import type { EnterGate } from './pace.ts';

/** Calls `tell` when a token or a part of a prompt is computed, once in `everyMs` milliseconds at most. */
export function tellingSteps(
  enter: EnterGate,
  tell: () => void,
  everyMs = EVERY,
  now = () => performance.now(),
): EnterGate {
  let toldAt = Number.NEGATIVE_INFINITY;
  const step = () => {
    if (now() - toldAt < everyMs) return;
    toldAt = now();
    tell();
  };
  return (priority, listener) => {
    const pace = enter(priority, listener);
    return {
      ...pace,
      goOn: async () => {
        await pace.goOn();
        step();
      },
      slice: async (compute) => {
        const computed = await pace.slice(compute);
        step();
        return computed;
      },
    };
  };
}

/** Often enough for whoever thinks of minutes of silence as a fault. Milliseconds. */
const EVERY = 5000;
