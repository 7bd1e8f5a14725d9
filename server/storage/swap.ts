import { constants, copyFileSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OspainError } from '../../protocol/index.ts';
import { type Db, unlock } from './database.ts';
import type { DataFolder } from './dataFolder.ts';
import { JOURNALS, type Replacement } from './replacement.ts';
import { loadSqlite } from './sqlite.ts';
import { codeOf, guarded } from './storageErrors.ts';
import { syncFile, syncFolder } from './sync.ts';

export interface SwapOptions {
  location: DataFolder;
  /** 96 hexadecimal digits. */
  key: string;
  replacement: Replacement;
  now: () => number;
  /** How long other servers get to close the database. Milliseconds. */
  patienceMs?: number;
}

/** Milliseconds between two tries. */
const TRY_EVERY = 50;

/**
 * Puts a replacement in the database's place and keeps what was there; answers where. This process must have closed the
 * database and run this in `whileReplacing`. A crash at any moment leaves the old database or the new one in place,
 * whole. Throws `storage_busy` when another server does not leave, and errors of storage; then nothing was replaced.
 */
export async function swapDatabase(options: SwapOptions): Promise<string> {
  const { location, key, replacement, now, patienceMs = 15_000 } = options;
  const { database, folder } = location;
  const readable = await becomeOneFile(database, key, patienceMs);
  const time = new Date(now()).toISOString().replace(/[-:.]/g, '');
  const kept = database.replace(/\.db$/, `.replaced-${time}.db`);
  guarded(() => {
    keep(database, kept);
    try {
      // Whatever lay beside a database that cannot be read is kept too; it must be away before the new one comes.
      for (const suffix of JOURNALS) if (!readable && exists(database + suffix)) keep(database + suffix, kept + suffix);
      syncFolder(folder);
      for (const suffix of JOURNALS) rmSync(database + suffix, { force: true });
      renameSync(replacement.file, database);
    } catch (thrown) {
      if (readable) rmSync(kept, { force: true });
      throw thrown;
    }
    syncFolder(folder);
  });
  return kept;
}

/**
 * Writes the journal of the database into it and takes the journal away, which works only when nobody else has it open.
 * False for a database that cannot be read: it stays as it is, journals and all.
 */
export async function becomeOneFile(file: string, key: string, patienceMs: number): Promise<boolean> {
  const Database = await loadSqlite();
  const giveUp = performance.now() + patienceMs;
  const db = guarded(() => new Database(file, { timeout: 1000, fileMustExist: true }));
  try {
    unlock(db, file, key);
    while (!leftWal(db)) {
      if (performance.now() >= giveUp) throw stillOpen();
      await sleep(TRY_EVERY);
    }
    return true;
  } catch (thrown) {
    const code = thrown instanceof OspainError ? thrown.code : codeOf(thrown);
    if (code === 'key_wrong' || code === 'storage_corrupt' || code?.startsWith('SQLITE_CORRUPT')) return false;
    throw thrown;
  } finally {
    db.close();
  }
}

function leftWal(db: Db): boolean {
  try {
    return db.pragma('journal_mode = DELETE', { simple: true }) === 'delete';
  } catch (thrown) {
    if (codeOf(thrown)?.startsWith('SQLITE_BUSY')) return false;
    throw thrown;
  }
}

const stillOpen = (): OspainError =>
  new OspainError('storage_busy', 'Another program has the database open. Nothing was replaced.', {
    hint: 'Close other windows on this workspace, then try again.',
  });

/** A second name for the same file, so that there is no moment without the first; a copy where the disk knows no links. */
function keep(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw thrown;
    copyFileSync(file, kept, constants.COPYFILE_EXCL);
    syncFile(kept);
  }
}

const exists = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;
