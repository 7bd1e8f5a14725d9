import { useCallback, useEffect, useRef, useState } from 'react';

/** What a person asked for, while it runs and when it failed. */
export interface Action {
  /** The name of what runs; undefined while nothing does. */
  readonly running: string | undefined;
  readonly error: unknown;
  /** Runs one thing at a time; resolves with whether it went well. */
  run(name: string, work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

export function useAction(): Action {
  const [running, setRunning] = useState<string>();
  const [error, setError] = useState<unknown>();
  const isBusy = useRef(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const run = useCallback(async (name: string, work: () => Promise<unknown>): Promise<boolean> => {
    if (isBusy.current) return false;
    isBusy.current = true;
    setRunning(name);
    setError(undefined);
    try {
      await work();
      return true;
    } catch (thrown) {
      if (isShown.current) setError(thrown);
      return false;
    } finally {
      isBusy.current = false;
      if (isShown.current) setRunning(undefined);
    }
  }, []);
  const clear = useCallback(() => setError(undefined), []);
  return { running, error, run, clear };
}
