import type { AuditEntry, AuditType } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { createTransact } from '../storage/transaction.ts';
import type { Actors } from './actors.ts';
import { canonical, type Details, hashOf } from './canonical.ts';
import { createHeadSeal, createHeadStore, type Head } from './head.ts';
import { type AuditRow, type Verdict, verifyChain } from './verify.ts';

export interface AuditOptions {
  /** Has `auditTables`. */
  db: Db;
  /** The key of the database: 96 hexadecimal digits. */
  key: string;
  name: AuditEntry['log'];
  actors: Pick<Actors, 'current'>;
  now: () => number;
}

/** What happened. No text of tasks or files and no secret: a hash in its place. */
export interface Happened {
  type: AuditType;
  /** What it was done to, for a person: a path, a host, the number of a task. */
  subject: string;
  details?: Details;
  /** Who did it, where that is not the one whose request or task is at work. */
  actor?: string;
}

/** Appends; all that who records needs. */
export type RecordAudit = (happened: Happened) => void;

export interface EntryFilter {
  limit: number;
  /** Only entries with a smaller number. */
  before?: number | undefined;
  /** Unix milliseconds: only entries of then and later. */
  since?: number | undefined;
  /** Types, or what they begin with: `key` is all about keys. */
  types?: readonly string[] | undefined;
}

/** The chain of one database. */
export interface AuditLog {
  readonly name: AuditEntry['log'];
  /**
   * Inside the transaction of what it records, so that there is neither without the other and entries stand in the order of
   * commits, whichever server wrote them; outside of one it is its own.
   */
  record: RecordAudit;
  /** Newest first. */
  list(filter: EntryFilter): AuditEntry[];
  /** Oldest first, as many at once as memory bears. */
  read(after: number): AuditEntry[];
  /** Of one entry; undefined where there is none with that number. */
  hashOf(number: number): string | undefined;
  head(): Pick<Head, 'chain' | 'number' | 'hash' | 'pruned'>;
  /** Reads all of it; other work goes on meanwhile. */
  verify(): Promise<Verdict>;
  /** Drops entries that are older, and leaves a checkpoint that the chain goes on from; answers how many. */
  prune(olderThan: number): number;
}

interface Row extends AuditRow {
  type: AuditType;
}

/** Entries that are read at once. */
const PAGE = 1000;

export function createAuditLog({ db, key, name, actors, now }: AuditOptions): AuditLog {
  const transact = createTransact(db);
  const seal = createHeadSeal(key);
  const heads = createHeadStore(db, seal);
  const insert = db.prepare<Row>(
    `INSERT INTO audit (number, at, type, actor, subject, details, previous, hash)
     VALUES (@number, @at, @type, @actor, @subject, @details, @previous, @hash)`,
  );
  const newest = db.prepare<[{ before: number; since: number; types: string | null; limit: number }], Row>(
    `SELECT * FROM audit WHERE number < @before AND at >= @since
       AND (@types IS NULL OR EXISTS (
         SELECT 1 FROM json_each(@types) t WHERE audit.type = t.value OR substr(audit.type, 1, length(t.value) + 1) = t.value || '.'))
     ORDER BY number DESC LIMIT @limit`,
  );
  const following = db.prepare<[after: number, limit: number], Row>(
    'SELECT * FROM audit WHERE number > ? ORDER BY number LIMIT ?',
  );
  const lastBefore = db.prepare<[number], { number: number; hash: string }>(
    `SELECT number, hash FROM audit
     WHERE number < (SELECT coalesce(min(number), 9e15) FROM audit WHERE at >= ?) ORDER BY number DESC LIMIT 1`,
  );
  const strayed = db.prepare<[Head], { number: number }>(
    'SELECT number FROM audit WHERE number > @number OR number <= @pruned ORDER BY number LIMIT 1',
  );
  const drop = db.prepare<[number]>('DELETE FROM audit WHERE number <= ?');

  const entryOf = (chain: string, row: Row): AuditEntry => ({
    ...row,
    log: name,
    chain,
    // Only Details are ever kept.
    details: JSON.parse(row.details) as AuditEntry['details'],
  });
  const entries = (rows: readonly Row[]): AuditEntry[] => {
    const { chain } = heads.read();
    return rows.map((row) => entryOf(chain, row));
  };

  /** Behind what the head says, not behind the last row: where rows are missing the gap stays to be seen. */
  const append = ({ type, subject, details = {}, actor = actors.current() }: Happened): void => {
    const before = heads.read();
    const entry = {
      ...{ number: before.number + 1, at: now(), type, actor, previous: before.hash },
      // What is no Unicode would be written otherwise by each language.
      subject: subject.toWellFormed(),
      details: wellFormed(details),
    };
    const hash = hashOf({ chain: before.chain, ...entry });
    insert.run({ ...entry, details: canonical(entry.details), hash });
    heads.write(before, { number: entry.number, hash });
  };

  return {
    name,
    record: (happened) => transact(() => append(happened)),
    list: ({ limit, before = Number.MAX_SAFE_INTEGER, since = Number.MIN_SAFE_INTEGER, types }) =>
      guarded(() => entries(newest.all({ before, since, types: types ? JSON.stringify(types) : null, limit }))),
    read: (after) => guarded(() => entries(following.all(after, PAGE))),
    hashOf: (number) => guarded(() => following.get(number - 1, 1)?.hash),
    head: () => guarded(heads.read),
    verify: () =>
      verifyChain({
        snapshot: () =>
          transact(() => {
            const head = heads.read();
            return { head, authentic: seal.fits(head), strayed: strayed.get(head)?.number };
          }),
        rows: (after) => guarded(() => following.all(after, PAGE)),
      }),
    prune: (olderThan) =>
      transact(() => {
        const last = lastBefore.get(olderThan);
        if (last === undefined) return 0;
        const { pruned } = heads.read();
        const gone = last.number - pruned;
        append({ type: 'audit.pruned', subject: name, details: { upTo: last.number, hash: last.hash, entries: gone } });
        heads.write(heads.read(), { pruned: last.number });
        drop.run(last.number);
        return gone;
      }),
  };
}

function wellFormed(details: Details): Details {
  const fields = Object.entries(details).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed() : isList(value) ? value.map((text) => text.toWellFormed()) : value,
  ]);
  return Object.fromEntries(fields);
}

const isList = (value: Details[string]): value is readonly string[] => Array.isArray(value);
