import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openQueue, type QueueFixture } from './queueFixture.ts';

const around = ({ queue }: QueueFixture, ref: string, limit = 100) => {
  const { tasks, more } = queue.around(ref, limit);
  return { found: tasks.map(({ number }) => number), more };
};

test('what a task waits for and what waits for it hangs together, however far', async () => {
  using fixture = await openQueue();
  const after = (...tasks: readonly { id: string }[]) =>
    fixture.ask({ dependsOn: tasks.map(({ id }) => ({ taskId: id, onFailure: 'cancel' as const })) });
  const first = fixture.submit();
  const second = after(first);
  const third = after(second);
  const stranger = fixture.submit();
  assert.deepEqual(around(fixture, third.id), { found: [1, 2, 3], more: false });
  assert.deepEqual(around(fixture, '1'), { found: [1, 2, 3], more: false });
  assert.deepEqual(around(fixture, stranger.id), { found: [4], more: false });
});

test('of a task made of parts it is the parts', async () => {
  using fixture = await openQueue();
  const whole = fixture.submit();
  const part = fixture.ask({ parentId: whole.id });
  fixture.ask({ parentId: whole.id, dependsOn: [{ taskId: part.id, onFailure: 'hold' }] });
  assert.deepEqual(around(fixture, whole.id).found, [1, 2, 3]);
});

test('no more are told than asked for, the nearest first, and that there are more', async () => {
  using fixture = await openQueue();
  let last = fixture.submit();
  for (let n = 0; n < 5; n++) last = fixture.ask({ dependsOn: [{ taskId: last.id, onFailure: 'run' }] });
  assert.deepEqual(around(fixture, '6', 3), { found: [4, 5, 6], more: true });
  assert.throws(() => fixture.queue.around('nobody', 3), { code: 'not_found' });
});
