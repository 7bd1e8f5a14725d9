import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { DatabasePlace } from './dataFolder.ts';
import { withFileLock } from './fileLock.ts';
import { guarded } from './storageErrors.ts';

/*
 * How servers of one workspace agree on who has the database open. Opening it takes a lock for that moment; who replaces
 * it holds the lock all the while and asks the others to leave with a file that they look for. They close the database
 * and open it again, for which they wait. So while it is replaced nobody has it open or can open it: a journal of the
 * old one that somebody still writes would otherwise be read into the new one.
 */

type Replaced = Pick<DatabasePlace, 'database'>;

const lockOf = ({ database }: Replaced) => `${database}.lock`;
const requestOf = ({ database }: Replaced) => `${database}.leave`;

/** Runs what opens the database, while nobody replaces it. */
export const whileOpening = <T>(location: Replaced, open: () => Promise<T>): Promise<T> =>
  withFileLock(lockOf(location), async () => {
    // Under the lock nobody replaces it, so what asks us to leave is left from a server that died.
    guarded(() => rmSync(requestOf(location), { force: true }));
    return open();
  });

/** Runs what replaces the database, while nobody opens it and all who have it open are asked to leave. */
export const whileReplacing = <T>(location: Replaced, replace: () => Promise<T>): Promise<T> =>
  withFileLock(lockOf(location), async () => {
    guarded(() => writeFileSync(requestOf(location), '', { mode: 0o600 }));
    try {
      return await replace();
    } finally {
      rmSync(requestOf(location), { force: true });
    }
  });

/** Whether another server asks us to close the database and to open it again. Cheap. */
export const isAskedToLeave = (location: Replaced): boolean => existsSync(requestOf(location));

/** Runs one restore at a time, over all servers of the workspace. */
export const whileRestoring = <T>(location: Replaced, restore: () => Promise<T>): Promise<T> =>
  withFileLock(`${location.database}.restore.lock`, restore);
