import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Usage } from '../../../protocol/index.ts';
import { createReadings, SPAN_MS } from '../../../server/inference/readings.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { fakeTime } from '../tasks/fakeTime.ts';
import { openPool, user } from './testPool.ts';

const usage = (more: Partial<Usage>): Usage => ({
  ...{ promptTokens: 0, cachedTokens: 0, generatedTokens: 0, firstTokenMs: 0, durationMs: 0 },
  ...more,
});

function open() {
  const clock = { now: 10 * SPAN_MS };
  const workers: { model: string; version: string; memoryBytes: number | null }[] = [];
  const time = fakeTime(clock);
  const readings = createReadings({ workers: () => workers, now: () => clock.now, after: time.after });
  /** Of one model: the span counted from the start, tokens written and read, memory. */
  const seen = (model = 'a@1.0.0') =>
    readings
      .since(0)
      .filter((reading) => reading.model === model)
      .map(({ at, written, read, memoryBytes }) => [at / SPAN_MS - 10, written, read, memoryBytes]);
  return { clock, workers, time, readings, seen };
}

test('an answer counts where its pieces came, and as many tokens as there were', () => {
  const { clock, readings, seen } = open();
  const answer = readings.answer('a@1.0.0');
  answer.piece();
  clock.now += SPAN_MS;
  for (let n = 0; n < 3; n++) answer.piece();
  assert.deepEqual(seen(), [
    [0, 1, 0, null],
    [1, 3, 0, null],
  ]);
  answer.end(usage({ generatedTokens: 8, promptTokens: 30, cachedTokens: 10, firstTokenMs: 2000, durationMs: 7000 }));
  assert.deepEqual(
    seen(),
    [
      [-1, 0, 20, null],
      [0, 2, 0, null],
      [1, 6, 0, null],
    ],
    'the prompt was read before',
  );
});

test('an answer without pieces is spread over the time that it took', () => {
  const { readings, seen } = open();
  readings
    .answer('a@1.0.0')
    .end(usage({ generatedTokens: 30, promptTokens: 12, firstTokenMs: SPAN_MS, durationMs: 2.5 * SPAN_MS }));
  assert.deepEqual(seen(), [
    [-3, 0, 6, null],
    [-2, 10, 6, null],
    [-1, 20, 0, null],
  ]);
});

test('memory is looked at once a span, for as long as a process holds the model', async () => {
  const { workers, time, readings, seen } = open();
  readings.start();
  readings.start();
  assert.equal(time.waiting(), 1);
  workers.push({ model: 'a', version: '1.0.0', memoryBytes: 700 }, { model: 'b', version: '2.0.0', memoryBytes: null });
  await time.pass(2 * SPAN_MS);
  workers.length = 0;
  await time.pass(SPAN_MS);
  assert.deepEqual(seen(), [
    [1, 0, 0, 700],
    [2, 0, 0, 700],
  ]);
  assert.deepEqual(seen('b@2.0.0').length, 2);
  assert.equal(readings.since(12 * SPAN_MS).length, 2, 'only the newest');
  readings.stop();
  assert.equal(time.waiting(), 0);
});

test('what is hours ago is forgotten', async () => {
  const { workers, time, readings } = open();
  workers.push({ model: 'a', version: '1.0.0', memoryBytes: 1 });
  readings.start();
  await time.pass(3 * 3_600_000);
  const all = readings.since(0);
  assert.equal(all.length, 2 * 3600 * (1000 / SPAN_MS) + 1);
  assert.deepEqual(
    all.map(({ at }) => at),
    all.map(({ at }) => at).toSorted((one, other) => one - other),
  );
});

test('a pool tells the tokens that its models really made', { timeout: 60_000 }, async () => {
  const readings = createReadings({ workers: () => [], now: Date.now });
  await using t = await openPool({ readings });
  t.add('talker', (path) => writeScriptedModel(path, [{ answers: ['One two three four five six seven.'] }]));
  const { usage } = await t.ask('talker', [user('Count.')]);
  const all = readings.since(0);
  assert.ok(all.every(({ model }) => model === 'talker@1.0.0'));
  const sum = (key: 'written' | 'read') => Math.round(all.reduce((total, reading) => total + reading[key], 0));
  assert.equal(sum('written'), usage.generatedTokens);
  assert.equal(sum('read'), usage.promptTokens - usage.cachedTokens);
});
