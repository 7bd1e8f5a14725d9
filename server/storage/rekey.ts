import { chmodSync, constants, copyFileSync, renameSync, rmSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import { type Db, unlock } from './database.ts';
import { JOURNALS } from './replacement.ts';
import { loadSqlite } from './sqlite.ts';
import { guarded, storageError } from './storageErrors.ts';
import { becomeOneFile } from './swap.ts';
import { syncFile, syncFolder } from './sync.ts';

export interface RekeyOptions {
  place: { folder: string; database: string };
  /** 96 hexadecimal digits each. */
  from: string;
  to: string;
  /** Changes what is made of the key. */
  adapt(db: Db): void;
  /** How long other servers get to close the database. Milliseconds. */
  patienceMs?: number;
}

/**
 * Gives a database another key. This process must have closed it and run this in `whileReplacing`. A copy is given the key
 * and takes the database's place when it was read back: a crash at any moment leaves the one or the other, whole. The disk
 * needs room for both. Throws `storage_busy` when another server does not leave, and errors of storage; then nothing changed.
 */
export async function rekeyDatabase({ place, from, to, adapt, patienceMs = 15_000 }: RekeyOptions): Promise<void> {
  const { database, folder } = place;
  const fresh = `${database}.moving`;
  const discard = () => {
    for (const suffix of ['', ...JOURNALS]) rmSync(`${fresh}${suffix}`, { force: true });
  };
  if (!(await becomeOneFile(database, from, patienceMs)))
    throw new OspainError('storage_corrupt', `${database} is damaged and keeps its key.`);
  try {
    // What a server left that died in the middle.
    discard();
    copyFileSync(database, fresh, constants.COPYFILE_FICLONE);
    chmodSync(fresh, 0o600);
    await use(fresh, from, (db) => db.pragma(`rekey = "x'${to}'"`));
    await use(fresh, to, (db) => {
      adapt(db);
      if (db.pragma('quick_check', { simple: true }) !== 'ok')
        throw new OspainError(
          'storage_corrupt',
          `${database} could not be read back with the new key, and keeps its own.`,
        );
    });
    guarded(() => {
      syncFile(fresh);
      renameSync(fresh, database);
      syncFolder(folder);
    });
  } catch (thrown) {
    discard();
    throw storageError(thrown);
  }
}

async function use(file: string, key: string, run: (db: Db) => void): Promise<void> {
  const Database = await loadSqlite();
  const db = guarded(() => new Database(file, { fileMustExist: true }));
  try {
    unlock(db, file, key);
    run(db);
  } finally {
    db.close();
  }
}
