/**
 * Goes the same way again and again on a disk with room for one page more each time, so that it is full at every place of the
 * way in turn, and prints what was wrong: run by `disks.test.ts`.
 */
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OspainError } from '../../../protocol/index.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { guarded } from '../../../server/storage/storageErrors.ts';
import { createQueue, type Queue } from '../../../server/tasks/queue.ts';

const disk = process.argv[2] ?? '';
const KEY = '0'.repeat(96);
const LEASE = 60_000;
const filler = join(disk, 'filler');

/** A way through the queue, step by step; each names what it was answered. */
const steps = (queue: Queue, checkpoint: () => void): (() => string | undefined)[] => {
  const submit = (instruction: string) =>
    queue.submit({ kind: 'ask', instruction, model: 'default', autoAccept: 'none' }).id;
  const claim = () => {
    const claimed = queue.claim('here', LEASE);
    if (claimed === null) throw new Error('there is nothing to claim');
    return claimed;
  };
  let held: ReturnType<typeof claim> | undefined;
  const holding = () => held ?? claim();
  const done = () => queue.complete(holding().task.id, holding().fence, 'ok'.repeat(500));
  return [
    () => submit('x'.repeat(3000)),
    () => submit('y'),
    () => {
      held = claim();
      return held.task.id;
    },
    () => {
      done();
      return holding().task.id;
    },
    () => submit('z'.repeat(9000)),
    // The journal is written into the database, which grows.
    () => void checkpoint(),
    () => queue.cancel(queue.list({ limit: 1 }).tasks[0]?.id ?? '').id,
  ];
};

const faults: string[] = [];
let rounds = 0;
for (let fits = false; !fits; rounds++) {
  const file = join(disk, 'round', 'ospain2.db');
  mkdirSync(join(disk, 'round'));
  const wrong = (what: string) => faults.push(`with room for ${rounds} pages: ${what}`);
  const open = async () => {
    const db = await openDatabase({ file, key: KEY });
    return { db, queue: createQueue({ db, now: Date.now, onChange: () => {} }) };
  };
  const first = await open();
  const { bavail, bsize } = statfsSync(disk);
  if (bavail <= rounds) throw new Error('the disk is too small for the way');
  writeFileSync(filler, Buffer.alloc((bavail - rounds) * bsize));

  const checkpoint = () => guarded(() => first.db.pragma('wal_checkpoint(TRUNCATE)'));
  const way = steps(first.queue, checkpoint);
  const acknowledged: string[] = [];
  const go = () => {
    for (let step = way.shift(); step !== undefined; step = way.shift()) {
      try {
        const id = step();
        if (id !== undefined) acknowledged.push(id);
      } catch (thrown) {
        way.unshift(step);
        throw thrown;
      }
    }
  };
  try {
    go();
    fits = true;
  } catch (thrown) {
    if (OspainError.from(thrown).code !== 'storage_full') wrong(`${thrown}`);
  }
  rmSync(filler);
  // The same server goes on where it was stopped; another one finds everything.
  try {
    go();
  } catch (thrown) {
    wrong(`when there was room again: ${thrown}`);
  }
  first.db.close();
  const second = await open();
  if (second.db.pragma('integrity_check', { simple: true }) !== 'ok') wrong('the database is damaged');
  const statuses = second.queue.list({ limit: 10 }).tasks.map(({ status }) => status);
  if (statuses.join() !== 'cancelled,pending,done') wrong(`it ended as ${statuses.join()}`);
  for (const id of acknowledged) {
    const { lastSeq } = second.queue.get(id);
    const seqs = second.queue.events(id).map(({ seq }) => seq);
    if (seqs.join() !== Array.from({ length: lastSeq }, (_, at) => at + 1).join()) wrong(`events ${seqs.join()}`);
  }
  second.db.close();
  rmSync(join(disk, 'round'), { recursive: true });
}
console.log(JSON.stringify({ rounds: rounds > 10, faults }));
