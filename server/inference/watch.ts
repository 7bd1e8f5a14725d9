import type { After } from '../timer.ts';

/** Notices that a worker has stopped to work without dying. */
export interface Watch {
  /** Something is asked of the worker; what is returned says that it is done, however it ended. */
  begin(): () => void;
  /** The worker showed that it is at work. */
  sign(): void;
}

/** The silence is counted in parts of its limit: whoever wakes from a machine's sleep counts one part, not the night. */
const PARTS = 4;

/** Calls `onSilent` once when there was no sign for `limitMs` while something was asked. */
export function createWatch(limitMs: number, after: After, onSilent: () => void): Watch {
  let open = 0;
  let quiet = 0;
  let cancel = () => {};

  const listen = () => {
    cancel = after(limitMs / PARTS, () => {
      quiet += 1;
      if (quiet < PARTS) listen();
      else onSilent();
    });
  };

  return {
    begin() {
      open += 1;
      quiet = 0;
      if (open === 1) listen();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        open -= 1;
        quiet = 0;
        if (open === 0) cancel();
      };
    },
    sign() {
      quiet = 0;
    },
  };
}
