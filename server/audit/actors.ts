import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Who does what is done now: `editor`, `hub` and `local` (the command line) are the person, each by the way that they came;
 * `api` is a program that showed the token; `task 12`; and `server` for what nobody asked for.
 */
export interface Actors {
  current(): string;
  /** For everything that comes of it. */
  during<T>(actor: string, run: () => T): T;
}

export function createActors(): Actors {
  const storage = new AsyncLocalStorage<string>();
  return {
    current: () => storage.getStore() ?? 'server',
    during: (actor, run) => storage.run(actor, run),
  };
}
