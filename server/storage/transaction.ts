import type { Db } from './database.ts';
import { guarded } from './storageErrors.ts';

/**
 * Runs a change in one transaction that takes the write lock at once: one that begins by reading could not be upgraded
 * while another process writes, and waiting does not help there. Inside another transaction it is a savepoint.
 */
export type Transact = <T>(change: () => T) => T;

/** To be kept by who writes often: making it costs more than a savepoint does. */
export function createTransact(db: Db): Transact {
  const run = db.transaction((change: () => unknown) => change()).immediate;
  return <T>(change: () => T) => guarded(() => run(change) as T);
}

export const transact = <T>(db: Db, change: () => T): T => createTransact(db)(change);
