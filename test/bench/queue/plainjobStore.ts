import { better, defineQueue } from 'plainjob';
import { loadSqlite } from '../../../server/storage/sqlite.ts';
import { INSTRUCTION, type OpenStore, type Synchronous } from './store.ts';

interface PlainjobStore extends OpenStore {
  /** One caller with a list: one transaction. */
  enqueueMany(jobs: number): void;
}

/** plainjob, on the same SQLite. It sets NORMAL itself when it opens, so FULL is set after it. */
export async function openPlainjob(file: string, synchronous: Synchronous): Promise<PlainjobStore> {
  const Database = await loadSqlite();
  const db = new Database(file, { timeout: 5000 });
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  const queue = defineQueue({ connection: better(db), logger: silent });
  db.pragma(`synchronous = ${synchronous}`);
  const data = () => ({ instruction: INSTRUCTION, model: 'default', autoAccept: 'none' });
  const finish = () => {
    const taken = queue.getAndMarkJobAsProcessing('ask');
    const job = taken && queue.getJobById(taken.id);
    if (job === undefined) throw new Error('there is nothing to claim');
    queue.markJobAsDone(job.id);
  };
  return {
    async enqueue() {
      queue.add('ask', data());
    },
    // It answers within the call, so callers that come at one moment are served one after another.
    async enqueueAtOnce(callers) {
      for (let i = 0; i < callers; i++) queue.add('ask', data());
    },
    enqueueMany(jobs) {
      queue.addMany('ask', Array.from({ length: jobs }, data));
    },
    finish,
    work(jobs) {
      for (let i = 0; i < jobs; i++) finish();
    },
    close: () => queue.close(),
  };
}
