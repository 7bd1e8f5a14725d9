import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Db } from '../storage/database.ts';
import { transact } from '../storage/transaction.ts';
import { canonical, FIRST } from './canonical.ts';

/** Where a chain ends. Without it nobody could tell that its last entries are gone. */
export interface Head {
  chain: string;
  number: number;
  hash: string;
  /** So many of the first entries were pruned. */
  pruned: number;
  seal: string;
}

type Sealed = Omit<Head, 'seal'>;

/** What seals heads; made of the database's key, so it is kept nowhere. HKDF: RFC 5869; HMAC: RFC 2104. */
export interface HeadSeal {
  of(head: Sealed): string;
  fits(head: Head): boolean;
}

/** `key`: of the database, 64 hexadecimal digits of key and 32 of salt. */
export function createHeadSeal(key: string): HeadSeal {
  const bytes = Buffer.from(key, 'hex');
  const own = Buffer.from(hkdfSync('sha256', bytes.subarray(0, 32), bytes.subarray(32), 'OSPAiN2 audit head 1', 32));
  const of = ({ chain, number, hash, pruned }: Sealed): string =>
    createHmac('sha256', own).update(canonical({ chain, number, hash, pruned })).digest('hex');
  return {
    of,
    fits(head) {
      const [right, found] = [Buffer.from(of(head)), Buffer.from(head.seal)];
      return right.length === found.length && timingSafeEqual(right, found);
    },
  };
}

/** No seal at all: of a head that had to be made again over entries that were there. */
const NONE = '';

const SELECT = 'SELECT chain, number, hash, pruned, seal FROM audit_head';

export interface HeadStore {
  /** Inside a transaction that writes it or compares it with the entries. */
  read(): Head;
  /**
   * Moves it on. One that was not authentic stays so: whoever goes on behind it must not be the one who makes it look as
   * if nothing had happened.
   */
  write(before: Head, after: Partial<Pick<Head, 'number' | 'hash' | 'pruned'>>): void;
}

/** Makes the head where there is none. */
export function createHeadStore(db: Db, seal: HeadSeal): HeadStore {
  const find = db.prepare<[], Head>(SELECT);
  const insert = db.prepare<Head>(
    'INSERT INTO audit_head (id, chain, number, hash, pruned, seal) VALUES (1, @chain, @number, @hash, @pruned, @seal)',
  );
  const update = db.prepare<Head>(
    'UPDATE audit_head SET number = @number, hash = @hash, pruned = @pruned, seal = @seal',
  );
  const last = db.prepare<[], { number: number; hash: string }>(
    'SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1',
  );
  const make = (): Head => {
    const entry = last.get();
    const begun = { chain: randomBytes(8).toString('hex'), number: 0, hash: FIRST, pruned: 0, ...entry };
    const head = { ...begun, seal: entry === undefined ? seal.of(begun) : NONE };
    insert.run(head);
    return head;
  };
  const read = () => find.get() ?? make();
  transact(db, read);
  return {
    read,
    write(before, after) {
      const next = { ...before, ...after };
      update.run({ ...next, seal: seal.fits(before) ? seal.of(next) : before.seal });
    },
  };
}

/**
 * For who gives a database another key: seals the head with the new one. To be called before anything is appended under
 * it, and as often as wanted: a head that was not authentic under the old key does not become so.
 */
export function resealAudit(db: Db, { from, to }: { from: string; to: string }): void {
  transact(db, () => {
    const head = db.prepare<[], Head>(SELECT).get();
    if (head === undefined || !createHeadSeal(from).fits(head)) return;
    db.prepare<[string]>('UPDATE audit_head SET seal = ?').run(createHeadSeal(to).of(head));
  });
}
