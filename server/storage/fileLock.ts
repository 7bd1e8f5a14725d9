import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OspainError } from '../../protocol/index.ts';
import { createPrivateFile } from './privateFile.ts';
import { loadSqlite } from './sqlite.ts';
import { codeOf, guarded, storageError } from './storageErrors.ts';

/** Milliseconds between two tries. */
const TRY_EVERY = 20;

/**
 * Runs something while no other process runs anything under the same lock file. The lock is the operating system's
 * (an empty SQLite file, write-locked), so a process that dies lets go of it; the file itself stays, empty.
 */
export async function withFileLock<T>(file: string, run: () => Promise<T>, timeoutMs = 60_000): Promise<T> {
  const Database = await loadSqlite();
  guarded(() => createPrivateFile(file));
  const lock = guarded(() => new Database(file, { timeout: 0 }));
  try {
    const giveUp = performance.now() + timeoutMs;
    while (!tryLock(() => lock.exec('BEGIN IMMEDIATE'), performance.now() >= giveUp)) await sleep(TRY_EVERY);
    return await run();
  } finally {
    lock.close();
  }
}

/** Whether a process runs something under a lock file; there may be none. */
export async function isLocked(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  try {
    await withFileLock(file, async () => {}, 0);
    return false;
  } catch (thrown) {
    if (OspainError.from(thrown).code === 'storage_busy') return true;
    throw thrown;
  }
}

function tryLock(lock: () => void, last: boolean): boolean {
  try {
    lock();
    return true;
  } catch (thrown) {
    if (codeOf(thrown)?.startsWith('SQLITE_BUSY') && !last) return false;
    throw storageError(thrown);
  }
}
