import { better, defineQueue } from 'plainjob';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { INSTRUCTION, type Store, type Synchronous } from './store.ts';

/** plainjob, on the same SQLite. It sets NORMAL itself when it opens, so FULL is set after it. */
export async function openPlainjob(file: string, synchronous: Synchronous): Promise<Store> {
  const Database = await loadSqlite();
  const db = new Database(file, { timeout: 5000 });
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  const queue = defineQueue({ connection: better(db), logger: silent });
  db.pragma(`synchronous = ${synchronous}`);
  return {
    enqueue: () => void queue.add('ask', { instruction: INSTRUCTION, model: 'default', autoAccept: false }),
    finish() {
      const taken = queue.getAndMarkJobAsProcessing('ask');
      const job = taken && queue.getJobById(taken.id);
      if (job === undefined) throw new Error('there is nothing to claim');
      queue.markJobAsDone(job.id);
    },
    close: () => queue.close(),
  };
}
