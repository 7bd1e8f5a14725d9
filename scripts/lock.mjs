/** One holder of a lock file at a time, across processes and platforms. Plain JavaScript: runs before Node 24 is there. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const retryMs = 200;

/** @type {import('./lock.d.mts').withLock} */
export async function withLock(file, work) {
  mkdirSync(path.dirname(file), { recursive: true });
  while (!take(file)) await delay(retryMs);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    breakStale(file);
    return false;
  }
}

/**
 * A holder that died leaves its file behind. Renaming is atomic, so of several waiters only one removes it.
 * @param {string} file
 */
function breakStale(file) {
  if (holderLives(file)) return;
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    rmSync(aside);
  } catch {
    // Another waiter was faster, or the holder ended just now.
  }
}

/** @param {string} file */
function holderLives(file) {
  const holder = Number(read(file));
  // The file is empty between its making and its writing.
  if (!holder) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
