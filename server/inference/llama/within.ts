import { createContext, Script } from 'node:vm';

/*
 * Code that comes with a model, such as a chat template, may run for ever. Node ends synchronous code only where it was
 * called through `node:vm`, whatever it calls from there.
 */

let called: (() => void) | null = null;
const context = createContext({ call: () => called?.() });
const script = new Script('call()');

/** Runs synchronous code; throws what it throws, or an `Error` when it takes longer than so many milliseconds. */
export function within<T>(ms: number, run: () => T): T {
  const result: { value?: T } = {};
  const outer = called;
  called = () => {
    result.value = run();
  };
  try {
    script.runInContext(context, { timeout: ms });
  } catch (error) {
    throw isTimeout(error) ? new Error(`it does not come to an end within ${ms} ms`) : error;
  } finally {
    called = outer;
  }
  return result.value as T;
}

/** It is an error of the other context, so no instance of this one's `Error`. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
