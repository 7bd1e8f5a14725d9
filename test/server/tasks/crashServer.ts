/**
 * A server without carriers that submits tasks and works them until it is killed: run by `crash.test.ts`. It prints one
 * line for each thing that the queue acknowledged, after the acknowledgement.
 */
import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { createScheduler } from '../../../server/tasks/scheduler.ts';

const [, , file = '', key = ''] = process.argv;
// Straight to the pipe: what is acknowledged and then buffered in this process would die with it.
const acknowledge = (line: string) => writeSync(1, `${line}\n`);

const db = await openDatabase({ file, key });
const queue = createQueue({
  db,
  now: Date.now,
  onChange: ({ events }) => {
    for (const { taskId, seq, type } of events) acknowledge(`event ${taskId} ${seq} ${type}`);
  },
});
const scheduler = createScheduler({
  queue,
  kinds: [
    {
      name: 'ask',
      async run(attempt) {
        for (let n = 0; n < 5; n++) {
          attempt.emit('text', { turn: 1, text: `${n}` });
          await turn();
        }
        return 'ok';
      },
    },
  ],
  worker: `${process.pid}:${randomUUID()}`,
  concurrency: 2,
  now: Date.now,
  log: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
});
scheduler.start();
for (;;) {
  const { id } = queue.submit({ kind: 'ask', instruction: 'x', model: 'default', autoAccept: 'none' });
  acknowledge(`task ${id}`);
  for (let n = 0; n < 20; n++) await turn();
}
