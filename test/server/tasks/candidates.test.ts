import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../protocol/index.ts';
import { LEASE, openQueue } from './queueFixture.ts';

test('a lane that is full or not let in hides no other', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  for (let n = 0; n < 30; n++) fixture.ask({ kind: 'agent', model: 'large', priority: 9 });
  const small = fixture.ask({ kind: 'agent', model: 'small' });
  const question = fixture.ask({ model: 'large' });
  const asked: string[] = [];
  const task = ({ model, number }: Task) => {
    asked.push(`#${number}`);
    return model === 'large' ? 'waits for memory' : null;
  };
  assert.equal(queue.claim('here', LEASE, { place: ({ kind }) => kind === 'ask' })?.task.id, question.id);
  assert.equal(queue.claim('here', LEASE, { task })?.task.id, small.id);
  assert.deepEqual(asked, ['#1', '#31'], 'only the first of each kind and model is asked for');
  assert.equal(queue.claim('here', LEASE, { task }), null);
  assert.equal(queue.claim('here', LEASE)?.task.number, 1);
});

test('why a task is not let in is written once for each change, and gone when it starts', async () => {
  using fixture = await openQueue();
  const { queue } = fixture;
  const { id } = fixture.ask();
  for (const why of ['needs 5.1 GB', 'needs 5.1 GB', 'needs 5.1 GB, still']) {
    assert.equal(queue.claim('here', LEASE, { task: () => why }), null);
    assert.equal(queue.get(id).waits, why);
  }
  queue.release(id, fixture.claim().fence);
  assert.equal(queue.get(id).waits, 'waits for its turn');
  const reasons = queue.events(id).flatMap(({ type, data }) => (type === 'waiting' ? [data.reason] : []));
  assert.deepEqual(reasons, ['needs 5.1 GB', 'needs 5.1 GB, still']);
});

test('delayed tasks whose time has come are taken in portions, the longest due first', async () => {
  using fixture = await openQueue();
  const { queue, clock } = fixture;
  for (let n = 0; n < 150; n++) fixture.ask({ notBefore: clock.now + 1000 - n });
  clock.now += 1000;
  assert.equal(fixture.claim().task.number, 51, 'the lowest number of the hundred that are due longest');
  assert.deepEqual([queue.counts().pending, queue.counts().delayed], [99, 50]);
  assert.equal(fixture.claim().task.number, 1);
  assert.deepEqual([queue.counts().pending, queue.counts().delayed], [148, 0]);
  assert.deepEqual(fixture.types('52'), ['submitted', 'waiting', 'waiting']);
  assert.deepEqual(fixture.types('51'), ['submitted', 'waiting', 'started'], 'what is claimed at once needs no word');
});
