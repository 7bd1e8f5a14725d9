import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { migrations } from '../../../server/storage/migrations.ts';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { INSTRUCTION, type Store, type Synchronous } from './store.ts';

const KEY = 'ab'.repeat(48);
/** Longer than any bench. Milliseconds. */
const LEASE = 3_600_000;

/** What `openDatabase` does, without a key: the product has no such database, so this is only here to compare. */
async function openPlain(file: string, synchronous: Synchronous): Promise<Db> {
  const Database = await loadSqlite();
  const db = new Database(file, { timeout: 5000 });
  db.pragma('temp_store = MEMORY');
  db.pragma('journal_mode = WAL');
  db.pragma(`synchronous = ${synchronous}`);
  db.pragma('foreign_keys = ON');
  db.pragma('cell_size_check = ON');
  db.pragma('journal_size_limit = 67108864');
  for (const sql of migrations) db.exec(sql);
  return db;
}

export interface OwnStore extends Store {
  db: Db;
  queue: Queue;
}

/** The product's queue. */
export async function openOwn(file: string, how: { plain?: boolean; synchronous: Synchronous }): Promise<OwnStore> {
  const { plain = false, synchronous } = how;
  const db = plain ? await openPlain(file, synchronous) : await openDatabase({ file, key: KEY, synchronous });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  return {
    db,
    queue,
    enqueue: () => void queue.submit({ kind: 'ask', instruction: INSTRUCTION, model: 'default', autoAccept: false }),
    finish() {
      const claim = queue.claim('bench', LEASE);
      if (claim === null) throw new Error('there is nothing to claim');
      queue.complete(claim.task.id, claim.fence, 'An answer.');
    },
    close: () => db.close(),
  };
}
