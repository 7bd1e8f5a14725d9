import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import type { Client } from '../../../protocol/client.ts';
import type { ModelReading } from '../../../protocol/readings.ts';
import { createReadingsStore } from '../../../webview/stores/readings.ts';

const SPAN = 5000;
const MINUTE = 60_000;
const reading = (at: number, written = 1): ModelReading => ({ at, model: 'a@1.0.0', written, read: 0, memoryBytes: 1 });

/** A server whose answers the test gives, and a timer that it fires. */
function fixture() {
  const asked: number[] = [];
  let answer: { now: number; readings: ModelReading[] } | Error = { now: 0, readings: [] };
  let fire = () => {};
  const client = {
    request: async (_method: string, { since }: { since: number }) => {
      asked.push(since);
      if (answer instanceof Error) throw answer;
      return { spanMs: SPAN, now: answer.now, readings: answer.readings.filter(({ at }) => at >= since) };
    },
  } as unknown as Client;
  const store = createReadingsStore({
    client,
    every: (_ms, callback) => {
      fire = callback;
      return () => {
        fire = () => {};
      };
    },
  });
  return {
    store,
    asked,
    async next(now: number, readings: ModelReading[]) {
      await new Promise(setImmediate);
      answer = { now, readings };
      fire();
      await new Promise(setImmediate);
    },
    async fails(error: Error) {
      answer = error;
      fire();
      await new Promise(setImmediate);
    },
    written: () => store.getState().readings.map(({ at, written }) => [at / MINUTE, written]),
  };
}

it('asks for all at first, and later only for what may still change', async () => {
  const { store, asked, next, written } = fixture();
  store.start();
  await next(30 * MINUTE, [reading(10 * MINUTE), reading(29 * MINUTE)]);
  await next(31 * MINUTE, [reading(10 * MINUTE, 9), reading(29 * MINUTE, 5), reading(30 * MINUTE, 2)]);
  deepEqual(asked.slice(-2), [0, 20 * MINUTE]);
  deepEqual(written(), [
    [10, 1],
    [29, 5],
    [30, 2],
  ]);
});

it('forgets what is two hours ago, and begins anew when the clock was set back', async () => {
  const { store, next, written } = fixture();
  store.start();
  await next(100 * MINUTE, [reading(10 * MINUTE), reading(85 * MINUTE)]);
  await next(140 * MINUTE, [reading(139 * MINUTE)]);
  deepEqual(written(), [
    [85, 1],
    [139, 1],
  ]);
  const anew = [reading(20 * MINUTE), reading(49 * MINUTE, 7)];
  await next(50 * MINUTE, anew);
  await next(50 * MINUTE, anew);
  deepEqual(written(), [
    [20, 1],
    [49, 7],
  ]);
});

it('keeps what it knew when the server does not answer', async () => {
  const { store, next, fails, written } = fixture();
  store.start();
  await next(30 * MINUTE, [reading(29 * MINUTE)]);
  await fails(new Error('gone'));
  equal(store.getState().error instanceof Error, true);
  deepEqual(written(), [[29, 1]]);
});
