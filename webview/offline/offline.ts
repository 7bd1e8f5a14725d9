import type { Carrier } from '../../protocol/client.ts';
import type { HubSession } from '../../protocol/hub.ts';
import type { Line } from '../line/line.ts';
import { openDatabase, type Unsent, wipeDatabase } from './database.ts';
import { createKeeper } from './keeper.ts';
import { createOfflineCarrier } from './offlineCarrier.ts';
import { createOutbox } from './outbox.ts';
import { createSnapshot } from './snapshot.ts';
import { asCopy } from './writes.ts';

/** What of the offline store a person sees. */
export interface OfflineState {
  /** When what is kept was the server's last, in Unix milliseconds; undefined when nothing is. */
  readonly keptAt: number | undefined;
  /** What waits to be sent, or for a decision. */
  readonly unsent: readonly Unsent[];
}

/** A hub that goes on without its server: it shows what was there, and sends later what is written. */
export interface Offline {
  /** In the place of the line. */
  readonly carrier: Carrier;
  readonly state: OfflineState;
  onDidChange(listener: () => void): () => void;
  /** Sends one again, as it was; for a note in a conflict also as a copy beside the other. */
  retry(seq: number): Promise<void>;
  saveAsCopy(seq: number, suffix: string): Promise<void>;
  drop(seq: number): Promise<void>;
  /** Everything that this browser keeps of the workspace goes. */
  wipe(): Promise<void>;
  /** Waits for what is being kept, and keeps nothing any more. */
  close(): Promise<void>;
}

export interface OfflineDeps {
  readonly workspace: string;
  readonly line: Line;
  /** What the server says of this browser's session, whenever it was asked. */
  onSession(listener: (session: HubSession) => void): void;
  readonly now: () => number;
  readonly newId: () => string;
  readonly alone: <T>(run: () => Promise<T>) => Promise<T>;
  readonly onTrouble: (thrown: unknown) => void;
}

export async function openOffline(deps: OfflineDeps): Promise<Offline> {
  const { workspace, line, onSession, now, newId, alone, onTrouble } = deps;
  const db = await openDatabase(workspace);
  const snapshot = createSnapshot(db, now);
  const outbox = createOutbox({ db, now, alone });
  const keeper = createKeeper(line, snapshot, now);
  const listeners = new Set<() => void>();
  let state: OfflineState = { keptAt: undefined, unsent: [] };
  let isOver = false;

  const look = async () => {
    try {
      if (isOver) return;
      const [keptAt, unsent] = await Promise.all([snapshot.keptAt(), outbox.list()]);
      if (isOver) return;
      state = { keptAt, unsent };
      for (const listener of [...listeners]) listener();
    } catch (thrown) {
      if (!isOver) onTrouble(thrown);
    }
  };
  const wipe = async () => {
    isOver = true;
    state = { keptAt: undefined, unsent: [] };
    db.close();
    await wipeDatabase(workspace);
    for (const listener of [...listeners]) listener();
  };
  /** One after the other, and none once it is over: what is kept must not come back. */
  let last: Promise<unknown> = Promise.resolve();
  const keep = (run: () => Promise<unknown>) => {
    last = last
      .then(async () => {
        if (!isOver) await run();
      })
      .catch((thrown: unknown) => isOver || onTrouble(thrown));
    return last;
  };

  const expiresAt = await db.get('facts', 'expiresAt');
  // A session that is over lets nobody see what it saw; what the person wrote is theirs, and waits for the next one.
  if (expiresAt !== undefined && expiresAt <= now()) await snapshot.wipe();
  onSession((session) => {
    if (session.workspace !== workspace) return;
    if (session.expiresAt !== null) return void keep(() => db.put('facts', session.expiresAt ?? 0, 'expiresAt'));
    // Signed out while this page did not look: by the person, elsewhere. An end by time is known here.
    void keep(async () => {
      const until = await db.get('facts', 'expiresAt');
      if (until === undefined || until > now()) return wipe();
      await snapshot.wipe();
    }).then(look);
  });

  const carrier = createOfflineCarrier({
    ...{ line, snapshot, outbox, newId, now, onTrouble },
    isAway: () => !isOver && line.state.name === 'waiting',
    keeper: { heard: async (...answer) => void (await keep(() => keeper.heard(...answer))) },
  });
  outbox.onDidChange(() => void look());
  line.onNotification((notification) => void keep(() => keeper.told(notification)));
  const refresh = async () => {
    await carrier.resend();
    await keep(() => keeper.fill());
    await look();
  };
  line.onDidChangeState(({ name }) => {
    if (name === 'open') void refresh();
    if (name === 'waiting') void look();
  });
  if (line.state.name === 'open') void refresh();
  await look();

  const again = async (edit: Promise<void>) => {
    await edit;
    await refresh();
  };
  return {
    carrier,
    get state() {
      return state;
    },
    onDidChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    retry: (seq) => again(outbox.retry(seq)),
    async saveAsCopy(seq, suffix) {
      const unsent = (await outbox.list()).find((each) => each.seq === seq);
      if (unsent !== undefined) await again(outbox.retry(seq, asCopy(unsent, newId, suffix)));
    },
    drop: (seq) => again(outbox.drop(seq)),
    wipe,
    async close() {
      isOver = true;
      await last;
      db.close();
    },
  };
}
