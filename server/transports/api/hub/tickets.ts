import { createHash, randomBytes } from 'node:crypto';

/** What became of a ticket that somebody showed. */
export type Used<Session> =
  | { state: 'fresh'; session: Session }
  /** Two have it, so one of them took it from the other: `session` is what it let in. */
  | { state: 'used'; session: Session }
  | { state: 'unknown' };

/** The one-time secrets of login links. They are in memory only: a server that ends takes them along. */
export interface Tickets<Session> {
  /** `expiresAt` is in Unix milliseconds. */
  issue(): { ticket: string; expiresAt: number };
  /** Uses a ticket up; `letIn` makes the session of one that is fresh. */
  use(ticket: string, letIn: () => Promise<Session>): Promise<Used<Session>>;
  /** None that was issued before is taken any more. */
  drop(): void;
}

/** Milliseconds. */
const LIFE = 5 * 60_000;
/** Tickets at one time; past them the oldest goes. */
const MOST = 32;
/** Bytes of chance, which nobody guesses. */
const TICKET_BYTES = 32;

export function createTickets<Session>(now: () => number): Tickets<Session> {
  /** By hash, in the order of issue, which is also that of expiry. Used ones stay until they expire. */
  const entries = new Map<string, { expiresAt: number; session: Promise<Session> | null }>();
  const sweep = () => {
    for (const [key, { expiresAt }] of entries) if (expiresAt <= now() || entries.size > MOST) entries.delete(key);
  };
  return {
    issue() {
      const ticket = randomBytes(TICKET_BYTES).toString('base64url');
      const expiresAt = now() + LIFE;
      entries.set(hash(ticket), { expiresAt, session: null });
      sweep();
      return { ticket, expiresAt };
    },
    async use(ticket, letIn) {
      sweep();
      const entry = entries.get(hash(ticket));
      if (entry === undefined) return { state: 'unknown' };
      if (entry.session !== null) return { state: 'used', session: await entry.session };
      // Before anything is waited for: two that show it at one moment are two.
      entry.session = letIn();
      return { state: 'fresh', session: await entry.session };
    },
    drop: () => entries.clear(),
  };
}

const hash = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');
