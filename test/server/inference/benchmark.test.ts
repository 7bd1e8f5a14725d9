import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureModel } from '../../../server/inference/benchmark.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { openPool, user } from './testPool.ts';

const { signal } = new AbortController();

test('a version is measured: loaded anew, with a prompt and an answer', { timeout: 60_000 }, async () => {
  await using t = await openPool();
  const model = 'babbler';
  t.add(model, (path) => writeRandomModel(path, { contextLength: 1024 }));
  const prompts: number[] = [];
  const pool: typeof t.pool = {
    ...t.pool,
    complete: async (completion) => {
      const answer = await t.pool.complete(completion);
      prompts.push(answer.usage.promptTokens);
      assert.ok(answer.usage.cachedTokens < 16, 'no prompt is the beginning of another');
      return answer;
    },
  };
  await t.pool.load(model, signal);
  const benchmark = await measureModel({ pool, now: () => 7 }, { model, signal });
  assert.equal(t.pids().length, 2, 'it was loaded again');
  assert.equal(prompts.length, 4);
  for (const tokens of prompts.slice(1)) assert.ok(Math.abs(tokens - 512) < 51, `${tokens} tokens`);
  assert.ok(benchmark.promptRate > 0 && benchmark.decodeRate > 0 && benchmark.loadMs > 0);
  assert.deepEqual([benchmark.threads, benchmark.at], [1, 7]);
  if (process.platform === 'linux') assert.ok(benchmark.memoryBytes > 1e6);
});

test('a model that is at work is left alone', { timeout: 60_000 }, async () => {
  await using t = await openPool();
  t.add('babbler', (path) => writeRandomModel(path, { contextLength: 1024 }));
  const stop = new AbortController();
  const { promise: speaks, resolve } = Promise.withResolvers<void>();
  const asked = t.ask('babbler', [user('Go on.')], { signal: stop.signal, maxTokens: 500, onText: () => resolve() });
  await speaks;
  await assert.rejects(measureModel({ pool: t.pool, now: Date.now }, { model: 'babbler', signal }), {
    code: 'wrong_state',
  });
  stop.abort();
  await assert.rejects(asked);
});
