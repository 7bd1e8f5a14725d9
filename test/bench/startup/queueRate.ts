import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { interleave, median, type Report, round, timed } from '../../../scripts/measure.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { createQueue } from '../../../server/tasks/queue.ts';
import { tempFolder } from '../../support/temp.ts';

const TASKS = 100;
const ROUNDS = 7;

/** Enqueue and claim+complete, encrypted and FULL as shipped, against what the disk can do: one synced write for each commit. */
export async function measureQueue(report: Report): Promise<void> {
  using folder = tempFolder('bench-queue');
  const db = await openDatabase({ file: join(folder.path, 'queue.db'), key: 'ab'.repeat(48) });
  const queue = createQueue({ db, now: Date.now, onChange: () => {} });
  const file = openSync(join(folder.path, 'plain'), 'w');
  const page = Buffer.alloc(4096, 1);
  const perSecond = async (run: () => void) => (TASKS * 1000) / (await timed(run));
  const repeat = (once: () => void) => () => {
    for (let i = 0; i < TASKS; i++) once();
  };
  const rates = await interleave(ROUNDS, {
    enqueue: () =>
      perSecond(
        repeat(
          () => void queue.submit({ kind: 'ask', instruction: 'a question', model: 'default', autoAccept: 'none' }),
        ),
      ),
    finish: () =>
      perSecond(
        repeat(() => {
          const claim = queue.claim('bench', 30_000);
          if (claim) queue.complete(claim.task.id, claim.fence, 'an answer');
        }),
      ),
    disk: () =>
      perSecond(
        repeat(() => {
          writeSync(file, page, 0, page.length, 0);
          fdatasyncSync(file);
        }),
      ),
  });
  closeSync(file);
  db.close();
  const ratio = (name: 'enqueue' | 'finish') =>
    round(median(rates[name].map((rate, i) => rate / (rates.disk[i] ?? 1))));
  const vs = 'one synced 4 KiB write for each (what the disk can do)';
  report({ measure: 'enqueue', value: round(median(rates.enqueue)), unit: '1/s', vs, ratio: ratio('enqueue') });
  report({
    measure: 'claim and complete',
    value: round(median(rates.finish)),
    unit: '1/s',
    vs,
    ratio: ratio('finish'),
  });
  report({ measure: 'synced writes', value: round(median(rates.disk)), unit: '1/s' });
}
