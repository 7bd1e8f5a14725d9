import { closeSync, ftruncateSync } from 'node:fs';

/** The memory file of one worker, which one state at a time passes through. */
export interface StateFile {
  /** Lends the descriptor, after whoever has it; it is empty before and after. Null where there is none, or none any more. */
  use<T>(work: (file: number) => Promise<T>): Promise<T | null>;
  /** Resolves when all who asked have had it. */
  settled(): Promise<void>;
  /** Closes it as soon as nobody uses it: until then its number must not become that of another file. */
  close(): void;
}

export function createStateFile(file: number | null): StateFile {
  let open = file;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };

  return {
    use: (work) =>
      inTurn(async () => {
        if (open === null) return null;
        try {
          return await work(open);
        } finally {
          ftruncateSync(open);
        }
      }),
    settled: () => inTurn(async () => {}),
    close: () =>
      void inTurn(async () => {
        if (open !== null) closeSync(open);
        open = null;
      }),
  };
}
