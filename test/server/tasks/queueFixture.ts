import { join } from 'node:path';
import { OspainError, type Task, type TaskEvent } from '../../../protocol/index.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { type Claim, createQueue, type Queue } from '../../../server/tasks/queue.ts';
import type { Submit } from '../../../server/tasks/submission.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = '0123456789abcdef'.repeat(6);
export const LEASE = 30_000;
const NOT_AGAIN = { retryable: false, delayMs: 0 };

/** A queue on a database file of its own, with a clock that the test moves. */
export interface QueueFixture extends Disposable {
  file: string;
  db: Db;
  queue: Queue;
  clock: { now: number };
  /** What listeners were told, in order. */
  told: Array<{ events: TaskEvent[]; task: Task }>;
  /** A second connection to the same file, as another server has. */
  another(): Promise<Queue & { db: Db }>;
  submit(instruction?: string, id?: string): Task;
  /** Submits with these wishes. */
  ask(wishes?: Partial<Submit>): Task;
  /** Ends a task that waits for its turn, whatever is before it. */
  end(ref: string, how: 'done' | 'failed' | 'cancelled'): Task;
  status(ref: string): string;
  /** The next task; throws when there is none. */
  claim(worker?: string): Claim;
  types(ref: string): string[];
}

export async function openQueue(): Promise<QueueFixture> {
  const temp = tempFolder('queue');
  const file = join(temp.path, 'ospain2.db');
  const clock = { now: 1_700_000_000_000 };
  const open = () => openDatabase({ file, key: KEY, synchronous: 'NORMAL', timeoutMs: 50 });
  const db = await open();
  const connections = [db];
  const told: QueueFixture['told'] = [];
  const queue = createQueue({ db, now: () => clock.now, onChange: (change) => told.push(change) });
  const ask: QueueFixture['ask'] = (wishes) =>
    queue.submit({ kind: 'ask', instruction: 'Say hello.', model: 'default', autoAccept: 'none', ...wishes });
  return {
    file,
    db,
    queue,
    clock,
    told,
    async another() {
      const other = await open();
      connections.push(other);
      return { ...createQueue({ db: other, now: () => clock.now, onChange: () => {} }), db: other };
    },
    submit: (instruction = 'Say hello.', id) => ask({ instruction, id }),
    ask,
    end(ref, how) {
      const { id } = queue.get(ref);
      if (how === 'cancelled') return queue.cancel(id);
      queue.prioritize(id, 1000);
      const claim = queue.claim('here', LEASE);
      if (claim?.task.id !== id) throw new Error('another task has its turn');
      if (how === 'done') queue.complete(id, claim.fence, 'ok');
      else queue.fail(id, claim.fence, new OspainError('task_failed', 'It did not work.'), NOT_AGAIN);
      return queue.get(id);
    },
    status: (ref) => queue.get(ref).status,
    claim(worker = 'here') {
      const claim = queue.claim(worker, LEASE);
      if (claim === null) throw new Error('there is nothing to claim');
      return claim;
    },
    types: (ref) => queue.events(ref).map(({ type }) => type),
    [Symbol.dispose]() {
      for (const connection of connections) connection.close();
      temp[Symbol.dispose]();
    },
  };
}
