import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../server/log.ts';
import { createHousekeeper } from '../../../server/tasks/housekeeper.ts';
import { fakeTime } from './fakeTime.ts';
import { openQueue, type QueueFixture } from './queueFixture.ts';

const DAY = 86_400_000;
const log = createLog(() => {});

function stream(fixture: QueueFixture, chunk = 'Hel'): string {
  fixture.ask();
  const { task, fence } = fixture.claim();
  for (const text of [chunk, 'lo.']) fixture.queue.emit(task.id, fence, 'text', { turn: 1, text });
  fixture.queue.complete(task.id, fence, 'Hello.');
  return task.id;
}

const texts = ({ queue }: QueueFixture, id: string) =>
  queue.events(id).flatMap((event) => (event.type === 'text' && event.data.text !== '' ? [event.data.text] : []));

test('it comes by once an hour and goes through all tasks', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const time = fakeTime(clock);
  const ids = [1, 2, 3].map(() => stream(fixture));
  fixture.db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
    INSERT INTO tasks (uid, kind, model, status, payload, created_at, updated_at)
    SELECT 'x' || i, 'ask', 'default', 'pending', '{}', 0, 0 FROM n`);
  const keeper = createHousekeeper({
    queue,
    retentionDays: 2,
    retentionBytes: 1e9,
    now: () => clock.now,
    log,
    after: time.after,
  });
  keeper.start();
  keeper.start();
  await time.pass(2 * DAY - 3_600_000);
  assert.equal(ids.flatMap((id) => texts(fixture, id)).length, 6);
  await time.pass(2 * 3_600_000);
  assert.deepEqual(
    ids.flatMap((id) => texts(fixture, id)),
    [],
  );
  assert.equal(time.waiting(), 1);
  keeper.stop();
  assert.equal(time.waiting(), 0);
});

test('above its size the oldest give way first, and no more than it takes', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  const time = fakeTime(clock);
  const ids: string[] = [];
  // More than one portion.
  for (let n = 0; n < 600; n++) ids.push(stream(fixture, 'x'.repeat(n < 2 ? 100_000 : 1000)));
  clock.now += 1;
  const keeper = createHousekeeper({
    queue,
    retentionDays: 365,
    retentionBytes: queue.usedBytes() - 150_000,
    now: () => clock.now,
    log,
    after: time.after,
  });
  keeper.start();
  await time.pass(600_000);
  assert.deepEqual(texts(fixture, ids[0] ?? ''), []);
  assert.equal(texts(fixture, ids[599] ?? '').length, 2);
  keeper.stop();
});
