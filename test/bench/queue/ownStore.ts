import { type Db, openDatabase, PAGE_SIZE, prepare } from '../../../server/storage/database.ts';
import { migrations } from '../../../server/storage/migrations.ts';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { type Claim, createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { INSTRUCTION, type OpenStore, type Synchronous } from './store.ts';

const KEY = 'ab'.repeat(48);
/** Longer than any bench. Milliseconds. */
const LEASE = 3_600_000;

/** What `openDatabase` does, without a key: the product has no such database, so this is only here to compare. */
async function openPlain(file: string, synchronous: Synchronous): Promise<Db> {
  const Database = await loadSqlite();
  const db = new Database(file, { timeout: 5000 });
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma('temp_store = MEMORY');
  prepare(db, migrations, synchronous);
  return db;
}

export interface OwnStore extends OpenStore {
  db: Db;
  queue: Queue;
}

/** The product's queue. */
export async function openOwn(file: string, how: { plain?: boolean; synchronous: Synchronous }): Promise<OwnStore> {
  const { plain = false, synchronous } = how;
  const db = plain ? await openPlain(file, synchronous) : await openDatabase({ file, key: KEY, synchronous });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  // As a request of a client does it.
  const submit = () =>
    queue.together(() => queue.submit({ kind: 'ask', instruction: INSTRUCTION, model: 'default', autoAccept: 'none' }));
  const claim = (): Claim => {
    const claimed = queue.claim('bench', LEASE);
    if (claimed === null) throw new Error('there is nothing to claim');
    return claimed;
  };
  const complete = ({ task, fence }: Claim) => queue.complete(task.id, fence, 'An answer.');
  return {
    db,
    queue,
    async enqueue() {
      await submit();
    },
    async enqueueAtOnce(callers) {
      await Promise.all(Array.from({ length: callers }, submit));
    },
    finish: () => complete(claim()),
    // As the scheduler does it: the ends of one moment and the starts of what comes next are one transaction.
    work(tasks, places) {
      const fill = () => Array.from({ length: places }, claim);
      let held = queue.allOrNone(fill);
      for (let i = places; i < tasks; i += places)
        held = queue.allOrNone(() => {
          held.forEach(complete);
          return fill();
        });
      queue.allOrNone(() => held.forEach(complete));
    },
    close: () => db.close(),
  };
}
