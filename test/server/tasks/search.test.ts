import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ParsedParams } from '../../../protocol/index.ts';
import { openQueue, type QueueFixture } from './queueFixture.ts';

const numbers = ({ queue }: QueueFixture, some: Partial<ParsedParams<'task/search'>>) => {
  const { tasks, next } = queue.search({ text: '', forPerson: false, limit: 100, ...some });
  return { found: tasks.map(({ number }) => number), next };
};

test('tasks are found by what they ask for, in whatever case, newest first', async () => {
  using fixture = await openQueue();
  fixture.submit('Prüfe die ÄNDERUNG');
  fixture.submit('something else');
  fixture.submit('noch eine Änderung');
  assert.deepEqual(numbers(fixture, { text: 'änderung' }), { found: [3, 1], next: null });
  assert.deepEqual(numbers(fixture, { text: '%' }), { found: [], next: null });
  assert.deepEqual(numbers(fixture, {}), { found: [3, 2, 1], next: null });
});

test('by state and by kind', async () => {
  using fixture = await openQueue();
  const first = fixture.submit();
  fixture.end(first.id, 'done');
  fixture.ask({ kind: 'agent' });
  fixture.submit();
  assert.deepEqual(numbers(fixture, { status: ['done', 'failed'] }).found, [1]);
  assert.deepEqual(numbers(fixture, { kind: ['agent'] }).found, [2]);
  assert.deepEqual(numbers(fixture, { kind: ['agent'], status: ['done'] }).found, []);
});

test('pages follow each other without gaps and doubles', async () => {
  using fixture = await openQueue();
  for (let n = 0; n < 5; n++) fixture.submit(n % 2 === 0 ? 'even' : 'odd');
  const first = numbers(fixture, { text: 'even', limit: 2 });
  assert.deepEqual(first, { found: [5, 3], next: 3 });
  assert.deepEqual(numbers(fixture, { text: 'even', limit: 2, before: first.next ?? 0 }), { found: [1], next: null });
});

test('one request looks through so many tasks, and says where to go on', async () => {
  using fixture = await openQueue();
  fixture.submit('the first one');
  const { db } = fixture;
  db.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 20010)
     INSERT INTO tasks (uid, kind, model, status, payload, created_at, updated_at)
     SELECT 'id-' || i, kind, model, status, json_set(payload, '$.instruction', 'another'), 0, 0 FROM n, (SELECT * FROM tasks WHERE id = 1)`,
  ).run();
  const nothing = numbers(fixture, { text: 'first' });
  assert.deepEqual(nothing, { found: [], next: 11 });
  assert.deepEqual(numbers(fixture, { text: 'first', before: 11 }), { found: [1], next: null });
});

test('what waits for a person is an open approval, proposal or plan, and not what was decided', async () => {
  using fixture = await openQueue();
  const { db, queue } = fixture;
  const done = (instruction: string) => fixture.end(fixture.submit(instruction).id, 'done').number;
  const proposed = (number: number, status: string) =>
    db
      .prepare('INSERT INTO proposals (task_id, status, created_at, updated_at) VALUES (?, ?, 0, 0)')
      .run(number, status);
  proposed(done('to review'), 'open');
  proposed(done('accepted'), 'accepted');
  done('no proposal');
  db.prepare(`INSERT INTO plans VALUES (?, 'open', '[]', 0)`).run(done('to start'));
  queue.pause(fixture.submit('paused by a person').id);
  assert.deepEqual(numbers(fixture, { forPerson: true }).found, [4, 1]);
});
