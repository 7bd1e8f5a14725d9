import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGpuUse } from '../../../server/inference/gpuUse.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { fakeTime } from '../tasks/fakeTime.ts';
import { openPool, type TestPool, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const workerProgram = join(import.meta.dirname, 'gpuWorker.ts');
const gpuOf = (t: TestPool) => t.pool.status().map(({ gpu }) => gpu);
const reload = async (t: TestPool, name: string) => {
  await t.pool.unload(name);
  await t.ask(name, [user('hi')]);
};
const withoutGpu = (t: TestPool) => t.log.filter((line) => line.includes('is loaded without a graphics processor'));

test('a graphics processor computes where there is one, unless it may not', slow, async () => {
  for (const [gpu, found] of [
    ['auto', 'cuda'],
    [false, null],
  ] as const) {
    await using t = await openPool({ workerProgram, gpu });
    t.add('good', (path) => writeRandomModel(path));
    assert.equal((await t.ask('good', [user('hi')])).text, 'Fine.');
    assert.deepEqual(gpuOf(t), [found]);
    assert.deepEqual(withoutGpu(t), []);
  }
});

for (const [name, why] of [
  ['driver', /with one, it crashed \(signal SIGABRT/],
  ['abort', /with cuda, it crashed \(signal SIGABRT/],
  ['refuse', /with cuda, it was refused/],
] as const)
  test(`a file that fails with a graphics processor is loaded without, and from then on (${name})`, slow, async () => {
    await using t = await openPool({ workerProgram });
    const path = t.add(name, (path) => writeRandomModel(path));
    const model = () => t.registry.list().find((model) => model.name === name);
    const answers = await Promise.all(['a', 'b'].map((conversation) => t.ask(name, [user('hi')], { conversation })));
    assert.deepEqual(
      answers.map(({ text }) => text),
      ['Fine.', 'Fine.'],
    );
    assert.deepEqual(gpuOf(t), [null]);
    assert.match(withoutGpu(t).join('\n'), why);
    assert.equal(model()?.problem, null, 'the file is not to blame');
    assert.equal(model()?.state, 'ready');
    assert.equal(t.pids().length, 2);

    await reload(t, name);
    assert.equal(t.pids().length, 3, 'it was tried with the graphics processor again');
    assert.equal(withoutGpu(t).length, 1);

    appendFileSync(path, 'x');
    await reload(t, name);
    assert.equal(withoutGpu(t).length, 2, 'another file may do');
  });

test('a file that hangs with a graphics processor is loaded without', slow, async () => {
  const time = fakeTime({ now: 0 });
  await using t = await openPool({ workerProgram, after: time.after });
  t.add('hang', (path) => writeRandomModel(path));
  const asked = t.ask('hang', [user('hi')]);
  await t.started(asked);
  await time.pass(121_000);
  assert.equal((await asked).text, 'Fine.');
  assert.match(withoutGpu(t).join('\n'), /was not ready after 2 minutes/);
  assert.deepEqual(gpuOf(t), [null]);
});

for (const [fault, why] of [
  ['crash', /with cuda, it crashed \(signal SIGABRT/],
  ['hang', /with cuda, it gave no sign of life for 2 minutes/],
] as const)
  test(
    `a file that fails with a graphics processor after it was loaded is loaded without the next time (${fault})`,
    slow,
    async () => {
      const time = fakeTime({ now: 0 });
      await using t = await openPool({ workerProgram, after: time.after });
      t.add('later', (path) => writeRandomModel(path));
      await t.ask('later', [user('hi')]);
      assert.deepEqual(gpuOf(t), ['cuda']);
      const failing = assert.rejects(t.ask('later', [user(fault)]), { code: 'worker_failed' });
      if (fault === 'hang') await time.pass(121_000);
      await failing;
      assert.equal((await t.ask('later', [user(fault)])).text, 'Fine.');
      assert.deepEqual(gpuOf(t), [null]);
      assert.match(withoutGpu(t).join('\n'), why);
      assert.equal(t.pids().length, 2);
    },
  );

test('whoever ends a worker does not blame the graphics processor', slow, async () => {
  await using t = await openPool({ workerProgram });
  t.add('later', (path) => writeRandomModel(path));
  await t.ask('later', [user('hi')]);
  await reload(t, 'later');
  process.kill(t.pids()[1] ?? 0, 'SIGKILL');
  await t.ask('later', [user('hi')]).catch(() => t.ask('later', [user('hi')]));
  assert.deepEqual(gpuOf(t), ['cuda']);
  assert.deepEqual(withoutGpu(t), []);
});

test('a file that fails without one too is not tried a third time', slow, async () => {
  await using t = await openPool({ workerProgram });
  t.add('never', (path) => writeRandomModel(path));
  for (let round = 0; round < 2; round++) await assert.rejects(t.ask('never', [user('hi')]), { code: 'model_crashed' });
  assert.equal(t.pids().length, 2);
});

test('what was unloaded while it loaded is not loaded without a graphics processor', slow, async () => {
  await using t = await openPool({ workerProgram });
  t.add('hang', (path) => writeRandomModel(path));
  const loading = assert.rejects(t.ask('hang', [user('hi')]), /it was unloaded/);
  await t.started(loading);
  await t.pool.unload('hang');
  await loading;
  assert.equal(t.pids().length, 1);
  assert.deepEqual(withoutGpu(t), []);
});

test('a folder of backends is named only where it is and may be used', () => {
  const there = createGpuUse('auto', import.meta.dirname);
  assert.deepEqual(there.choose('a'), { gpu: 'auto', backends: import.meta.dirname });
  there.avoid('a');
  assert.deepEqual(there.choose('a'), { gpu: false });
  assert.deepEqual(createGpuUse('auto', join(import.meta.dirname, 'nowhere')).choose('a'), { gpu: 'auto' });
  assert.deepEqual(createGpuUse(false, import.meta.dirname).choose('a'), { gpu: false });
});
