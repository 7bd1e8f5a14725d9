import { OspainError } from '../../../protocol/index.ts';
import type { Priority } from '../engine.ts';
import type { Crowd } from './batching.ts';

/** Who waits for what a request computes. */
export interface Listener {
  isCancelled(): boolean;
  /** Resolves when it is cancelled, and maybe never. */
  readonly cancelled: Promise<unknown>;
  onText(text: string): void;
  /** Thoughts begin, of which nothing is shown. */
  onThinking?(): void;
}

/** When a request may compute. Everything here rejects with `cancelled` when its listener has cancelled it. */
export interface Pace {
  /** Resolves when the next token may be computed. */
  goOn(): Promise<void>;
  /** Computes a part of a prompt. */
  slice<T>(compute: () => Promise<T>): Promise<T>;
  /** The request has ended. */
  leave(): void;
}

/**
 * Background requests stand still while an interactive one runs, and go on where they were. They read their prompts one
 * slice at a time, all together: an interactive request that comes waits for what is being computed, and for no more.
 */
export type EnterGate = (priority: Priority, listener: Listener) => Pace;

export function createGate(crowd: Crowd): EnterGate {
  let interactive = 0;
  /** Requests whose slice is being computed or comes next, in order. */
  const slicing: object[] = [];
  let changed = Promise.withResolvers<void>();

  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  const wait = async (listener: Listener, mustWait: () => boolean, stand: (stands: boolean) => void = () => {}) => {
    assertGoesOn(listener);
    if (!mustWait()) return;
    stand(true);
    while (mustWait()) {
      await Promise.race([changed.promise, listener.cancelled]);
      assertGoesOn(listener);
    }
    stand(false);
  };

  /** Counts who speaks, from the first token on. */
  const counter = () => {
    let speaks = false;
    return (now: boolean) => {
      if (now !== speaks) crowd.speaking += now ? 1 : -1;
      speaks = now;
    };
  };

  return (priority, listener) => {
    const speak = counter();
    if (priority === 'interactive') {
      interactive++;
      return {
        slice: async (compute) => {
          assertGoesOn(listener);
          return compute();
        },
        goOn: async () => {
          assertGoesOn(listener);
          speak(true);
        },
        leave: () => {
          speak(false);
          interactive--;
          change();
        },
      };
    }
    return {
      slice: async (compute) => {
        const ticket = {};
        slicing.push(ticket);
        try {
          await wait(listener, () => interactive > 0 || slicing[0] !== ticket);
          return await compute();
        } finally {
          slicing.splice(slicing.indexOf(ticket), 1);
          change();
        }
      },
      goOn: async () => {
        // Those who stand still are not waited for.
        await wait(
          listener,
          () => interactive > 0,
          (stands) => speak(!stands),
        );
        speak(true);
      },
      leave: () => speak(false),
    };
  };
}

export const cancelled = (): OspainError => new OspainError('cancelled', 'The generation was cancelled.');

export function assertGoesOn(listener: Listener): void {
  if (listener.isCancelled()) throw cancelled();
}
