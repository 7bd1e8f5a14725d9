import { join } from 'node:path';
import type { Task, TaskEvent } from '../../../protocol/index.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { type Claim, createQueue, type Queue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = '0123456789abcdef'.repeat(6);
export const LEASE = 30_000;

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
    submit: (instruction = 'Say hello.', id) =>
      queue.submit({ id, kind: 'ask', instruction, model: 'default', autoAccept: false }),
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
