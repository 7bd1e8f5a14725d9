import { OspainError } from '../../protocol/index.ts';
import { type Db, unlock } from './database.ts';
import { writeNew } from './newFile.ts';
import { loadSqlite } from './sqlite.ts';
import { guarded } from './storageErrors.ts';

export interface BackupOptions {
  db: Db;
  /** The database's own key, which is also that of the copy: 96 hexadecimal digits. */
  key: string;
  /** Absolute path of a file that is not there yet. */
  path: string;
}

export interface Written {
  path: string;
  bytes: number;
  tasks: number;
}

/**
 * Writes an encrypted copy of the database as it is now, read back before it gets its name. Others may go on writing
 * meanwhile; this thread waits for as long as the copy takes. Throws as `writeNew` does.
 */
export function createBackup({ db, key, path }: BackupOptions): Promise<Written> {
  return writeNew(path, async (fresh) => {
    // `backup()` refuses encrypted files, and what `serialize()` gives is plain text.
    guarded(() => db.prepare('VACUUM INTO ?').run(fresh));
    return { tasks: await verify(fresh, key) };
  });
}

async function verify(file: string, key: string): Promise<number> {
  const Database = await loadSqlite();
  const copy = guarded(() => new Database(file, { readonly: true, fileMustExist: true }));
  try {
    unlock(copy, file, key);
    return guarded(() => {
      if (copy.pragma('quick_check', { simple: true }) !== 'ok')
        throw new OspainError('storage_corrupt', 'The backup could not be read back, so it was not kept.', {
          hint: 'The database or the disk of the backup is damaged: try another disk.',
        });
      return countTasks(copy);
    });
  } finally {
    copy.close();
  }
}

export const countTasks = (db: Db): number =>
  db.prepare<[], { tasks: number }>('SELECT count(*) AS tasks FROM tasks').get()?.tasks ?? 0;
