import { setImmediate as pause } from 'node:timers/promises';
import type { AuditBreak } from '../../protocol/index.ts';
import { canonical, type Details, FIRST, hashOf } from './canonical.ts';
import type { Head } from './head.ts';

/** An entry as it lies in the database. */
export interface AuditRow {
  number: number;
  at: number;
  type: string;
  actor: string;
  subject: string;
  details: string;
  previous: string;
  hash: string;
}

interface Chain {
  /** In one transaction. `strayed`: the number of an entry before the first or behind the last, where none may be. */
  snapshot(): { head: Head; authentic: boolean; strayed: number | undefined };
  /** Entries after a number, in their order; none at the end. */
  rows(after: number): AuditRow[];
}

export interface Verdict {
  /** Entries that were found whole and in their place. */
  entries: number;
  head: Pick<Head, 'chain' | 'number' | 'hash' | 'pruned'>;
  broken: AuditBreak | null;
}

/** Reads a chain from its beginning to its head as that was when it began, and stops at the first thing that is wrong. */
export async function verifyChain({ snapshot, rows: read }: Chain): Promise<Verdict> {
  const { head, authentic, strayed } = snapshot();
  const { chain, number: end, hash, pruned } = head;
  let entries = 0;
  let last: { number: number; hash: string | undefined } = { number: pruned, hash: pruned === 0 ? FIRST : undefined };
  let beginning: string | undefined;
  let checkpoint: unknown;
  const verdict = (broken: AuditBreak | null): Verdict => ({
    entries,
    head: { chain, number: end, hash, pruned },
    broken,
  });

  for (let rows = read(pruned); rows.length > 0 && last.number < end; rows = read(last.number)) {
    for (const row of rows) {
      if (row.number > end) break;
      const what = problemOf(chain, row, last);
      if (what !== undefined)
        return verdict(what === 'missing' ? { number: last.number + 1, what } : await whatIsWrong(chain, row, end));
      if (row.number === pruned + 1) beginning = row.previous;
      if (row.type === 'audit.pruned' && detailsOf(row)?.['upTo'] === pruned) checkpoint = detailsOf(row)?.['hash'];
      entries += 1;
      last = row;
    }
    await pause();
  }
  if (last.number < end) return verdict({ number: last.number + 1, what: 'truncated' });
  if (strayed !== undefined) return verdict({ number: strayed, what: 'inserted' });
  if (last.hash !== undefined && last.hash !== hash) return verdict({ number: end, what: 'altered' });
  if (pruned > 0 && checkpoint !== beginning) return verdict({ number: pruned, what: 'missing' });
  return verdict(authentic ? null : { number: end, what: 'head' });
}

function problemOf(
  chain: string,
  row: AuditRow,
  before: { number: number; hash: string | undefined },
): 'missing' | 'altered' | undefined {
  if (row.number !== before.number + 1) return 'missing';
  const isWhole = hashAs(chain, row, row.number) === row.hash;
  return isWhole && (before.hash === undefined || row.previous === before.hash) ? undefined : 'altered';
}

/** An entry that is whole under another number was moved, and not altered. */
async function whatIsWrong(chain: string, row: AuditRow, end: number): Promise<AuditBreak> {
  for (let number = 1; number <= end; number++) {
    if (number !== row.number && hashAs(chain, row, number) === row.hash)
      return { number: row.number, what: 'reordered' };
    if (number % 1000 === 0) await pause();
  }
  return { number: row.number, what: 'altered' };
}

/** The hash of an entry if it were the one with that number; undefined for one that nobody wrote so. */
function hashAs(chain: string, row: AuditRow, number: number): string | undefined {
  const details = detailsOf(row);
  return details && hashOf({ ...row, chain, number, details });
}

/** Undefined for what is not as it was written: the same in other letters is a change too. */
function detailsOf({ details }: AuditRow): Details | undefined {
  try {
    const parsed = JSON.parse(details) as Details;
    return canonical(parsed) === details ? parsed : undefined;
  } catch {
    return undefined;
  }
}
