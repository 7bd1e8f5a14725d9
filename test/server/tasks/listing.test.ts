import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { openQueue } from './queueFixture.ts';

test('pages and totals agree with a plain reading of all tasks, whatever is asked for', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const crashed = new OspainError('worker_failed', 'x');
  const whole = fixture.ask({ instruction: 'whole' });
  for (let n = 0; n < 40; n++) {
    const { id } = fixture.ask({ maxAttempts: 1, ...(n % 3 === 0 ? { parentId: whole.id } : {}), priority: n });
    if (n % 5 === 1) queue.pause(id);
    if (n % 5 === 2) queue.cancel(id);
    if (n % 5 === 3) queue.fail(id, fixture.claim().fence, crashed, { retryable: n % 2 === 0, delayMs: 0 });
    if (n % 5 === 4) queue.complete(id, fixture.claim().fence, 'ok');
  }
  const all = queue.list({ limit: 1000 }).tasks;
  assert.deepEqual(
    all.map(({ number }) => number),
    Array.from({ length: 41 }, (_, n) => 41 - n),
  );
  for (const status of [undefined, ['done' as const], ['failed' as const, 'pending' as const, 'failed' as const]])
    for (const parentId of [undefined, null, whole.id, String(whole.number)])
      for (const dead of [undefined, true])
        for (const before of [undefined, 20]) {
          const wanted = all.filter(
            (task) =>
              (status === undefined || status.some((one) => one === task.status)) &&
              (parentId === undefined || task.parentId === (parentId === null ? null : whole.id)) &&
              (!dead || task.dead),
          );
          const { tasks, total } = queue.list({ status, parentId, dead, before, limit: 4 });
          const what = JSON.stringify({ status, parentId, dead, before });
          assert.equal(total, wanted.length, what);
          assert.deepEqual(tasks, wanted.filter(({ number }) => number < (before ?? 99)).slice(0, 4), what);
        }
  assert.throws(() => queue.list({ parentId: 'x', limit: 1 }), { code: 'not_found' });
  const counted = db.prepare('SELECT status, count(*) AS n FROM tasks GROUP BY status').all() as {
    status: 'done';
    n: number;
  }[];
  for (const { status, n } of counted) assert.equal(queue.counts()[status], n, status);
});
