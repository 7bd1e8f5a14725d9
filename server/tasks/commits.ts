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
  /**
   * Runs a change soon, in one transaction with all that are asked for in the same turn of the event loop, in their order:
   * they wait for the disk once. Each is a savepoint, so one that throws is refused alone; an answer comes after the commit.
   */
  together<T>(change: () => T): Promise<T>;
}

/** Changes that share a transaction, and so the time that nobody else is served in. */
const AT_ONCE = 200;

interface Asked {
  /** Makes the change and answers how to acknowledge it. */
  run(): () => void;
  refuse(thrown: unknown): void;
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

  // Inside an outer transaction nothing is durable yet.
  const commit: Commits['commit'] = (change) => (db.inTransaction ? part(change) : whole(change));

  const asked: Asked[] = [];

  const runAll = (group: readonly Asked[]) =>
    group.map(({ run, refuse }) => {
      try {
        return run();
      } catch (thrown) {
        // A full disk, for one, undoes the whole transaction: then there is nothing to acknowledge to anybody.
        if (!db.inTransaction) throw thrown;
        return () => refuse(thrown);
      }
    });

  const flush = () => {
    const group = asked.splice(0, AT_ONCE);
    if (asked.length > 0) setImmediate(flush);
    try {
      for (const acknowledge of whole(() => runAll(group))) acknowledge();
    } catch (thrown) {
      for (const { refuse } of group) refuse(thrown);
    }
  };

  return {
    commit,
    together: (change) =>
      new Promise((resolve, reject) => {
        if (asked.length === 0) setImmediate(flush);
        asked.push({
          run() {
            const made = part(change);
            return () => resolve(made);
          },
          refuse: reject,
        });
      }),
  };
}
