import { statSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import { unlock } from './database.ts';
import { loadSqlite } from './sqlite.ts';
import { guarded } from './storageErrors.ts';

/** Whether there is anything in a database or its journal. */
export const hasContent = (database: string): boolean =>
  [database, `${database}-wal`].some((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);

/**
 * Whether a key, in 96 hexadecimal digits, opens a database. It is tried by SQLite, which only reads; somebody else may have
 * it open. Throws errors of storage where that cannot be told.
 */
export async function keyFits(database: string, key: string): Promise<boolean> {
  const Database = await loadSqlite();
  const db = guarded(() => new Database(database, { readonly: true, fileMustExist: true, timeout: 1000 }));
  try {
    unlock(db, database, key);
    return true;
  } catch (thrown) {
    if (OspainError.from(thrown).code === 'key_wrong') return false;
    throw thrown;
  } finally {
    db.close();
  }
}
