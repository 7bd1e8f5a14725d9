import type { Db } from './database.ts';

/** Calls back soon after another connection has written to the database; the returned function stops it. */
export function watchOtherWrites(db: Db, everyMs: number, onWrite: () => void): () => void {
  // Changes with every commit of others, never with our own.
  const read = () => db.pragma('data_version', { simple: true });
  let seen = read();
  const timer = setInterval(() => {
    try {
      const version = read();
      if (version === seen) return;
      onWrite();
      seen = version;
    } catch {
      // Whoever writes for long, or a disk that fails: nobody waits here, so it is looked at again.
    }
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
