import { OspainError, type WireError } from '../../protocol/errors.ts';
import type { OfflineDatabase, Unsent } from './database.ts';

export type Write = Pick<Unsent, 'method' | 'params' | 'about'>;

/** What was written without the server, until it was sent: once, in its order, by one page at a time. */
export interface Outbox {
  list(): Promise<Unsent[]>;
  /** `replaces` an unsent one that the new one is in the place of. */
  add(write: Write, replaces?: Unsent): Promise<void>;
  /** Asks the server; stops when it cannot be reached. Resolves with what it took. */
  send(request: (unsent: Unsent) => Promise<unknown>): Promise<void>;
  /** Takes one out: it was decided on, or is not wanted any more. */
  drop(seq: number): Promise<void>;
  /** Lets one be sent again, as it was or otherwise. */
  retry(seq: number, params?: Unsent['params']): Promise<void>;
  onDidChange(listener: () => void): () => void;
}

export interface OutboxDeps {
  readonly db: OfflineDatabase;
  readonly now: () => number;
  /** Runs while no other page of this workspace does. */
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
}

export function createOutbox({ db, now, alone }: OutboxDeps): Outbox {
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const list = () => db.getAll('outbox');
  const change = async (edit: Promise<unknown>) => {
    await edit;
    changed();
  };

  /** What the server said of one, unless the person wrote on meanwhile: then it is another, and is sent next. */
  const settle = async (unsent: Unsent, problem: WireError | undefined) => {
    const { store, done } = db.transaction('outbox', 'readwrite');
    const now = await store.get(unsent.seq);
    if (now !== undefined && now.at === unsent.at)
      await (problem === undefined ? store.delete(unsent.seq) : store.put({ ...unsent, problem }));
    await done;
    changed();
  };

  return {
    list,
    add: ({ method, params, about }, replaces) => {
      const unsent = { method, params, about, at: now(), problem: null };
      // The key comes from the database, but for one that takes another's place.
      const whole = replaces === undefined ? unsent : { ...unsent, seq: replaces.seq };
      return change(db.put('outbox', whole as Unsent));
    },
    send: (request) =>
      alone(async () => {
        /** What waits for a person, and so all behind it that is about the same. */
        const held = new Set<string>();
        for (const unsent of await list()) {
          if (unsent.problem !== null) held.add(unsent.about);
          if (held.has(unsent.about)) continue;
          try {
            await request(unsent);
            await settle(unsent, undefined);
          } catch (thrown) {
            const error = OspainError.from(thrown);
            if (error.code === 'unavailable') return;
            held.add(unsent.about);
            await settle(unsent, error.toWire());
          }
        }
      }),
    drop: (seq) => change(db.delete('outbox', seq)),
    retry: async (seq, params) => {
      const unsent = await db.get('outbox', seq);
      if (unsent !== undefined) await change(db.put('outbox', { ...unsent, ...(params && { params }), problem: null }));
    },
    onDidChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
