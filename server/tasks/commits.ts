import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import type { EventLog } from './eventLog.ts';
import type { Feed, Written } from './feed.ts';

export interface CommitsDeps {
  db: Db;
  log: EventLog;
  feed: Feed;
  /** Throws when what is committed would be lost. */
  assertPresent(): void;
}

/** How the queue writes: every change of it is one of these. */
export interface Commits {
  /** Runs a change in one transaction and then tells listeners. Inside another one it is a part of that, which tells. */
  commit<T>(change: () => T): T;
}

export function createCommits({ db, log, feed, assertPresent }: CommitsDeps): Commits {
  const transact = createTransact(db);

  /** The events of a part that was rolled back are forgotten with it. */
  const part = <T>(change: () => T): T => {
    const before = log.written().length;
    try {
      return transact(change);
    } catch (thrown) {
      log.forget(before);
      throw thrown;
    }
  };

  const whole = <T>(change: () => T): T => {
    assertPresent();
    log.forget(0);
    let written: Written | undefined;
    const result = transact(() => {
      const made = change();
      written = feed.prepare(log.written());
      return made;
    });
    if (written) feed.committed(written);
    return result;
  };

  return {
    // Inside an outer transaction nothing is durable yet.
    commit: (change) => (db.inTransaction ? part(change) : whole(change)),
  };
}
