import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQueue, type QueueFixture } from './queueFixture.ts';

const ids = ['a', 'b', 'c'].map((letter) => `00000000-0000-4000-8000-00000000000${letter}`) as [string, string, string];
const [a, b, c] = ids;

const soon = ({ queue, ask }: QueueFixture, id: string, dependsOn: string[] = []) =>
  queue.together(() => ask({ id, instruction: id, dependsOn: dependsOn.map((taskId) => ({ taskId })) }));

test('what is asked for in one turn is one transaction, in its order, and answered after it', async () => {
  using fixture = await openQueue();
  const other = await fixture.another();
  const seen: number[] = [];
  fixture.queue.listen(() => seen.push(other.list({ limit: 10 }).total));
  const asked = [soon(fixture, a), soon(fixture, b, [a])];
  assert.equal(other.list({ limit: 10 }).total, 0, 'nothing is there before the turn ends');
  const tasks = await Promise.all(asked);
  assert.deepEqual(
    tasks.map(({ id, status, waits }) => [id, status, waits]),
    [
      [a, 'pending', 'waits for its turn'],
      [b, 'blocked', 'waits for #1'],
    ],
  );
  assert.deepEqual(seen, [2, 2], 'the first that is heard is heard after all are committed');
  assert.deepEqual(
    fixture.told.map(({ events, task }) => [task.id, events.map(({ seq, type }) => `${seq} ${type}`)]),
    [
      [a, ['1 submitted']],
      [b, ['1 submitted', '2 waiting']],
    ],
  );
  for (const id of [a, b])
    assert.deepEqual(
      fixture.told.filter(({ task }) => task.id === id).flatMap(({ events }) => events),
      fixture.queue.events(id),
    );
});

test('one that is refused is refused alone, whatever it had written', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const half = queue.together(() => {
    fixture.ask({ id: b });
    return queue.cancel('9');
  });
  const [first, refused, last] = await Promise.allSettled([soon(fixture, a), half, soon(fixture, c)]);
  assert.deepEqual([first.status, refused.status, last.status], ['fulfilled', 'rejected', 'fulfilled']);
  assert.equal(refused.status === 'rejected' && refused.reason.code, 'not_found');
  assert.deepEqual(
    queue.list({ limit: 10 }).tasks.map(({ id, number }) => [number, id]),
    [
      [2, c],
      [1, a],
    ],
  );
  assert.deepEqual(
    told.map(({ events }) => events),
    [queue.events(a), queue.events(c)],
    'what was undone is not told, and nothing twice',
  );
});

test('where one failure undoes the whole transaction, as that of a disk may, all are refused', async () => {
  using fixture = await openQueue();
  const { queue, db } = fixture;
  const failing = queue.together(() => {
    db.exec('ROLLBACK');
    throw new TypeError('no disk');
  });
  for (const outcome of await Promise.allSettled([soon(fixture, a), failing, soon(fixture, b)]))
    assert.equal(outcome.status === 'rejected' && outcome.reason.message, 'no disk');
  assert.equal(queue.list({ limit: 10 }).total, 0);
  assert.equal((await soon(fixture, c)).number, 1);
  assert.deepEqual(
    fixture.told.map(({ task }) => task.id),
    [c],
  );
});

test('a disk that is full refuses all of them, and the next ones come through', async () => {
  using fixture = await openQueue();
  const { db } = fixture;
  await soon(fixture, a);
  db.pragma(`max_page_count = ${db.pragma('page_count', { simple: true })}`);
  const large = 'x'.repeat(100_000);
  const asked = Array.from({ length: 5 }, () => fixture.queue.together(() => fixture.ask({ instruction: large })));
  for (const outcome of await Promise.allSettled(asked))
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'storage_full');
  assert.equal(fixture.queue.list({ limit: 10 }).total, 1);
  db.pragma('max_page_count = 1000000');
  assert.equal((await soon(fixture, b)).number, 2);
});

test('more than fit into one transaction are all answered, in order', async () => {
  using fixture = await openQueue();
  const tasks = await Promise.all(
    Array.from({ length: 450 }, (_, n) => fixture.queue.together(() => fixture.submit(`${n}`))),
  );
  assert.deepEqual(
    tasks.map(({ number, instruction }) => [number, instruction]),
    tasks.map((_, n) => [n + 1, `${n}`]),
  );
});

test('all or none: a part that throws undoes the whole, also when somebody catches it', async () => {
  using fixture = await openQueue();
  const { queue, told } = fixture;
  const careless = () =>
    queue.allOrNone(() => {
      fixture.ask({ id: a });
      try {
        queue.cancel('9');
      } catch {}
    });
  assert.throws(careless, { code: 'not_found' });
  assert.equal(queue.list({ limit: 10 }).total, 0);
  // And inside another transaction it is a part of that, which goes on.
  queue.transact(() => {
    fixture.ask({ id: b });
    assert.throws(() => queue.allOrNone(() => queue.cancel('9')), { code: 'not_found' });
  });
  assert.deepEqual(
    told.map(({ task }) => task.id),
    [b],
  );
});

test('what a listener writes is a transaction of its own, with savepoints', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const stop = queue.listen(() => {
    stop();
    queue.transact(() => {
      fixture.ask({ id: c });
      assert.throws(() => queue.cancel('9'));
    });
  });
  await Promise.all([soon(fixture, a), soon(fixture, b)]);
  assert.deepEqual(
    queue.list({ limit: 10 }).tasks.map(({ id }) => id),
    [c, b, a],
  );
});
