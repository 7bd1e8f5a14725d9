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

/** How the queue writes: every change of it goes through one of these. */
export interface Commits {
  /** Runs a change in one transaction and then tells listeners. Inside another one it is a savepoint of that, which tells. */
  commit<T>(change: () => T): T;
  /**
   * Runs a change whose parts are no savepoints, each of which costs as much as a small part does. So nothing of it happens
   * when a part throws, also when somebody caught that; it throws then.
   */
  allOrNone<T>(change: () => T): T;
  /**
   * Runs a change soon, in one transaction with all that are asked for in the same turn of the event loop, in their order:
   * they wait for the disk once. One that throws is refused alone; the promise is resolved after the commit. A change may be
   * run twice, the first of which is undone.
   */
  together<T>(change: () => T): Promise<T>;
}

/** Changes that share a transaction, and so the time in which nobody else is served. */
const AT_ONCE = 200;

interface Asked {
  /** Makes the change and answers how to acknowledge it. */
  run(): () => void;
  refuse(thrown: unknown): void;
}

export function createCommits({ db, log, feed, assertPresent }: CommitsDeps): Commits {
  const transact = createTransact(db);
  /** While parts are no savepoints: what they threw. */
  let broken: unknown[] | undefined;

  /** The events of a part that was rolled back are forgotten with it. */
  const part = <T>(change: () => T): T => {
    const before = log.written().length;
    try {
      return broken ? change() : transact(change);
    } catch (thrown) {
      log.forget(before);
      broken?.push(thrown);
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

  const allOrNone: Commits['allOrNone'] = (change) => {
    if (db.inTransaction) return part(change);
    return whole(() => {
      const thrown: unknown[] = [];
      broken = thrown;
      try {
        const made = change();
        if (thrown.length > 0) throw thrown[0];
        return made;
      } finally {
        broken = undefined;
      }
    });
  };

  const asked: Asked[] = [];

  const runEach = (group: readonly Asked[]) =>
    group.map(({ run, refuse }) => {
      try {
        return part(run);
      } catch (thrown) {
        // A full disk, for one, undoes the whole transaction: then there is nothing to acknowledge to anybody.
        if (!db.inTransaction) throw thrown;
        return () => refuse(thrown);
      }
    });

  const runAll = (group: readonly Asked[]) => {
    try {
      return allOrNone(() => group.map(({ run }) => run()));
    } catch {
      return whole(() => runEach(group));
    }
  };

  const flush = () => {
    const group = asked.splice(0, AT_ONCE);
    if (asked.length > 0) setImmediate(flush);
    try {
      for (const acknowledge of runAll(group)) acknowledge();
    } catch (thrown) {
      for (const { refuse } of group) refuse(thrown);
    }
  };

  return {
    commit,
    allOrNone,
    together: (change) =>
      new Promise((resolve, reject) => {
        if (asked.length === 0) setImmediate(flush);
        asked.push({
          run() {
            const made = change();
            return () => resolve(made);
          },
          refuse: reject,
        });
      }),
  };
}
