import type Sqlite from 'better-sqlite3';
import { OspainError } from '../../protocol/index.ts';
import { migrations as workspaceMigrations } from './migrations.ts';
import { createPrivateFile } from './privateFile.ts';
import { loadSqlite } from './sqlite.ts';
import { codeOf, guarded, storageError } from './storageErrors.ts';

export type Db = Sqlite.Database;

/** Of SQLite3 Multiple Ciphers; authenticated. */
export const CIPHER = 'aegis';

/** Bytes. The journal takes whole pages, and a task changes little in each of several: SQLite's 4096 is slower by a third. */
export const PAGE_SIZE = 2048;

export interface OpenOptions {
  file: string;
  /** 64 hexadecimal digits of key and 32 of salt. */
  key: string;
  /** The schema, one entry a version; that of a workspace when not given. */
  migrations?: readonly string[];
  /** FULL: what was committed survives a power cut. NORMAL: it survives the death of the process only. */
  synchronous?: 'FULL' | 'NORMAL';
  /** How long a statement waits, and blocks this thread, for another process that is writing. Milliseconds. */
  timeoutMs?: number;
}

/** Opens an encrypted database, makes it when there is none, and brings its schema up to date. */
export async function openDatabase(options: OpenOptions): Promise<Db> {
  const { file, key, migrations = workspaceMigrations, synchronous = 'FULL', timeoutMs = 5000 } = options;
  if (!/^[0-9a-f]{96}$/.test(key)) throw new TypeError('the key is not 96 hexadecimal digits');
  const Database = await loadSqlite();
  // SQLite would make it readable by others; the journal files take its mode over.
  guarded(() => createPrivateFile(file));
  const db = guarded(() => new Database(file, { timeout: timeoutMs }));
  try {
    unlock(db, file, key);
    guarded(() => prepare(db, migrations, synchronous));
    return db;
  } catch (thrown) {
    db.close();
    throw thrown;
  }
}

/**
 * The key comes first and the first read second: a wrong key shows only there, and before it nothing may write.
 * Whatever happens, the file is left as it is: a database without its key may yet get it back.
 */
export function unlock(db: Db, file: string, key: string): void {
  try {
    db.pragma(`cipher = '${CIPHER}'`);
    // A file that another process is just making does not tell its own yet, so all must agree on this too.
    db.pragma(`page_size = ${PAGE_SIZE}`);
    // Raw key and salt: no derivation, and processes that create the file at one moment agree on the salt.
    db.pragma(`key = "x'${key}'"`);
    // Large sorts would otherwise spill to temporary files, which are not encrypted.
    db.pragma('temp_store = MEMORY');
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
  } catch (thrown) {
    if (codeOf(thrown) !== 'SQLITE_NOTADB') throw storageError(thrown);
    throw new OspainError('key_wrong', 'The key does not open the database.', {
      hint: `Nothing was changed. Put the key back that belongs to ${file}, or move that file away to start afresh.`,
      cause: thrown,
    });
  }
}

/** Where processes enter it at one moment, SQLite says at once that the database is busy, and never waits as it does for all else. */
function enterWal(db: Db): unknown {
  const until = performance.now() + Number(db.pragma('busy_timeout', { simple: true }));
  for (;;)
    try {
      return db.pragma('journal_mode = WAL', { simple: true });
    } catch (thrown) {
      if (codeOf(thrown) !== 'SQLITE_BUSY' || performance.now() >= until) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
}

/** Sets an unlocked database up as the server uses it, and brings its schema up to date. */
export function prepare(db: Db, migrations: readonly string[], synchronous: 'FULL' | 'NORMAL'): void {
  if (enterWal(db) !== 'wal') throw noWal();
  // The build's default for WAL is NORMAL, so FULL must be said.
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma('foreign_keys = ON');
  db.pragma('cell_size_check = ON');
  db.pragma('journal_size_limit = 67108864');
  // 8 MB, some two hundred tasks: the default of 1000 pages would sync the database file itself with every fiftieth. Not
  // more, because a commit into a journal that is written over waits for the disk half as long as into one that still grows.
  db.pragma('wal_autocheckpoint = 4000');
  db.transaction(() => migrate(db, migrations)).immediate();
}

function migrate(db: Db, migrations: readonly string[]): void {
  const version = Number(db.pragma('user_version', { simple: true }));
  if (version > migrations.length)
    throw new OspainError('storage_newer', 'The database was written by a newer version of OSPAiN2.', {
      hint: 'Update OSPAiN2; this version leaves the database as it is.',
    });
  if (version === migrations.length) return;
  for (const sql of migrations.slice(version)) db.exec(sql);
  db.pragma(`user_version = ${migrations.length}`);
}

const noWal = (): OspainError =>
  new OspainError('storage_failed', 'The disk of the data folder does not support the database.', {
    hint: 'Set OSPAIN2_DATA_DIR to a folder on a local disk; network drives cannot hold it.',
  });
