import type { Db } from './database.ts';
import { guarded } from './storageErrors.ts';

/**
 * Runs a change in one transaction that takes the write lock at once: one that begins by reading could not be upgraded
 * while another process writes, and waiting does not help there. Inside another transaction it is a savepoint.
 */
export function transact<T>(db: Db, change: () => T): T {
  return guarded(() => db.transaction(change).immediate());
}
