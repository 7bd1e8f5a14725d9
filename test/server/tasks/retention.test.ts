import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQueue, type QueueFixture } from './queueFixture.ts';

const DAY = 86_400_000;
const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };

function stream(fixture: QueueFixture): { id: string; fence: number } {
  const { task, fence } = fixture.claim();
  for (const text of ['Hel', 'lo.']) fixture.queue.emit(task.id, fence, 'text', { turn: 1, text });
  fixture.queue.emit(task.id, fence, 'turn', { turn: 1, text: 'Hello.', usage });
  return { id: task.id, fence };
}

const texts = ({ queue }: QueueFixture, id: string) =>
  queue.events(id).flatMap((event) => (event.type === 'text' ? [event.data.text] : []));

test('old streams are emptied in place; everything else stays, and a replay has no gap', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  fixture.ask({ priority: 2 });
  fixture.ask({ priority: 1 });
  fixture.ask();
  const old = stream(fixture);
  queue.complete(old.id, old.fence, 'Hello.');
  const running = stream(fixture);
  clock.now += DAY;
  const young = stream(fixture);
  queue.complete(young.id, young.fence, 'Hello.');

  const [task, events] = [queue.get(old.id), queue.events(old.id)];
  assert.equal(queue.compact({ before: clock.now - 1, behind: 0, limit: 2 }), 2);
  assert.equal(queue.compact({ before: clock.now - 1, behind: 2, limit: 2 }), null);
  assert.deepEqual(queue.get(old.id), task);
  assert.deepEqual(
    queue.events(old.id),
    events.map((event) => (event.type === 'text' ? { ...event, data: { turn: 1, text: '' } } : event)),
  );
  for (const { id } of [running, young]) assert.deepEqual(texts(fixture, id), ['Hel', 'lo.']);
  assert.deepEqual(
    queue.steps(old.id).map(({ kind }) => kind),
    ['turn'],
    'its turns are whole',
  );
});

test('a task that was tried again streams anew, and that is kept for its own time', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  fixture.ask();
  const { id } = stream(fixture);
  queue.cancel(id);
  queue.reap(() => false);
  clock.now += DAY;
  queue.compact({ before: clock.now, behind: 0, limit: 9 });
  queue.retry(id);
  const { fence } = stream(fixture);
  queue.complete(id, fence, 'Hello.');
  queue.compact({ before: clock.now, behind: 0, limit: 9 });
  assert.deepEqual(texts(fixture, id), ['', '', 'Hel', 'lo.']);
  queue.compact({ before: clock.now + 1, behind: 0, limit: 9 });
  assert.deepEqual(texts(fixture, id), ['', '', '', '']);
});

test('nothing else of an event can change, nor the stream of a task that may go on', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  fixture.ask();
  const { id, fence } = stream(fixture);
  const emptied = `UPDATE events SET data = json_set(data, '$.text', '')`;
  assert.throws(() => db.exec(`${emptied} WHERE type = 'text'`), /append-only/);
  queue.complete(id, fence, 'Hello.');
  for (const change of [
    `${emptied} WHERE type = 'turn'`,
    `${emptied}, at = 1 WHERE type = 'text'`,
    `UPDATE events SET data = json_set(data, '$.text', 'x') WHERE type = 'text'`,
    `UPDATE events SET data = '{}' WHERE type = 'text'`,
    'DELETE FROM events',
  ])
    assert.throws(() => db.exec(change), /append-only/, change);
  db.exec(`${emptied} WHERE type = 'text'`);
});
