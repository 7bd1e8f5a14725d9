import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { createAttempt } from '../../../server/tasks/attempt.ts';
import { fakeTime } from './fakeTime.ts';
import { openQueue } from './queueFixture.ts';

async function openAttempt() {
  const fixture = await openQueue();
  const { id } = fixture.submit();
  const claim = fixture.claim();
  const time = fakeTime(fixture.clock);
  const failures: unknown[] = [];
  const attempt = createAttempt({
    queue: fixture.queue,
    claim,
    signal: new AbortController().signal,
    after: time.after,
    onTextFailed: (thrown) => failures.push(thrown),
  });
  /** What the attempt wrote after it was claimed. */
  const written = () =>
    fixture.queue
      .events(id, 2)
      .map((event) => (event.type === 'text' ? `${event.data.turn}:${event.data.text}` : event.type));
  return { ...fixture, id, claim, time, attempt, failures, written };
}

test('streamed text is shown at once, then at most every 50 milliseconds', async () => {
  using opened = await openAttempt();
  const { attempt, time, written } = opened;
  attempt.text(1, 'a');
  assert.deepEqual(written(), ['1:a']);
  attempt.text(1, 'b');
  attempt.text(1, '');
  attempt.text(1, 'c');
  await time.pass(49);
  assert.deepEqual(written(), ['1:a']);
  await time.pass(1);
  assert.deepEqual(written(), ['1:a', '1:bc']);
  attempt.text(1, 'd');
  await time.pass(50);
  assert.deepEqual(written(), ['1:a', '1:bc', '1:d']);
  await time.pass(50);
  assert.equal(time.waiting(), 0, 'no timer runs on when nothing is said');
  attempt.text(1, 'e');
  assert.deepEqual(written().at(-1), '1:e');
});

test('everything is written in the order in which it was said', async () => {
  using opened = await openAttempt();
  const { attempt, queue, id, claim, written } = opened;
  attempt.text(1, 'a');
  attempt.text(1, 'b');
  attempt.emit('call', { turn: 1, tool: 'read_file', summary: '' });
  attempt.text(2, 'c');
  attempt.text(3, 'd');
  attempt.write(() => queue.emit(id, claim.fence, 'proposal', { status: 'open', files: [] }));
  attempt.text(3, 'e');
  attempt.close();
  assert.deepEqual(written(), ['1:a', '1:b', 'call', '2:c', '3:d', 'proposal', '3:e']);
  assert.equal(opened.time.waiting(), 0);
});

test('progress is written with the next event', async () => {
  using opened = await openAttempt();
  const { attempt, queue, id } = opened;
  attempt.progress('Reading');
  assert.equal(queue.get(id).progress, null);
  attempt.emit('call', { turn: 1, tool: 'read_file', summary: '' });
  assert.equal(queue.get(id).progress, 'Reading');
});

test('who lost the lease hears it, also when only the timer writes', async () => {
  using opened = await openAttempt();
  const { attempt, queue, time, failures } = opened;
  attempt.text(1, 'a');
  attempt.text(1, 'b');
  queue.reap(() => false);
  await time.pass(50);
  assert.deepEqual(
    failures.map((thrown) => thrown instanceof OspainError && thrown.code),
    ['lease_lost'],
  );
  assert.throws(() => attempt.emit('call', { turn: 1, tool: 'x', summary: '' }), { code: 'lease_lost' });
  assert.throws(() => attempt.write(() => assert.fail()), { code: 'lease_lost' });
  assert.throws(() => attempt.close(), { code: 'lease_lost' });
});

test('text that could not be written is not lost', async () => {
  using opened = await openAttempt();
  const { attempt, time, failures, written } = opened;
  const other = await opened.another();
  attempt.text(1, 'a');
  attempt.text(1, 'b');
  other.db.exec('BEGIN IMMEDIATE');
  await time.pass(50);
  assert.deepEqual(
    failures.map((thrown) => thrown instanceof OspainError && thrown.code),
    ['storage_busy'],
  );
  assert.throws(() => attempt.emit('call', { turn: 1, tool: 'x', summary: '' }), { code: 'storage_busy' });
  other.db.exec('COMMIT');
  attempt.text(1, 'c');
  attempt.close();
  assert.deepEqual(written(), ['1:a', '1:bc']);
});
