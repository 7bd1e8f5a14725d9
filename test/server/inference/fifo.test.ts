import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFifo } from '../../../server/inference/fifo.ts';

const never = new AbortController().signal;

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((open) => {
    resolve = open;
  });
  return { promise, resolve };
}

test('jobs run one at a time, in order, also after one that failed', async () => {
  const fifo = createFifo();
  const seen: string[] = [];
  const job =
    (name: string, fails = false) =>
    async () => {
      seen.push(`${name} begins`);
      await new Promise(setImmediate);
      seen.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const all = await Promise.allSettled([
    fifo.run(job('a'), never),
    fifo.run(job('b', true), never),
    fifo.run(job('c'), never),
  ]);
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('an aborted job that waits never runs', async () => {
  const fifo = createFifo();
  const abort = new AbortController();
  const { promise, resolve } = gate();
  const first = fifo.run(() => promise, never);
  const second = fifo.run(async () => assert.fail('it ran'), abort.signal);
  abort.abort('enough');
  await assert.rejects(second, (reason) => reason === 'enough');
  resolve();
  await first;
  await assert.rejects(
    fifo.run(async () => assert.fail('it ran'), abort.signal),
    (reason) => reason === 'enough',
  );
});

test('an aborted job that runs is given up at once, and the next one waits for its end', async () => {
  const fifo = createFifo();
  const abort = new AbortController();
  const seen: string[] = [];
  const { promise, resolve } = gate();
  const first = fifo.run(async () => {
    await promise;
    seen.push('first ends');
  }, abort.signal);
  const second = fifo.run(async () => void seen.push('second begins'), never);
  abort.abort('enough');
  await assert.rejects(first, (reason) => reason === 'enough');
  assert.deepEqual(seen, []);
  resolve();
  await second;
  assert.deepEqual(seen, ['first ends', 'second begins']);
});
