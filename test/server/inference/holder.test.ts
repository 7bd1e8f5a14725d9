import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OspainError } from '../../../protocol/index.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { fakeTime } from '../tasks/fakeTime.ts';
import { openPool, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const MINUTE = 60_000;

/** A pool whose watches run on a clock that the test moves. */
async function open(workerProgram?: string) {
  const time = fakeTime({ now: 0 });
  // A worker that hangs before it names a graphics processor would be started again without one.
  const t = await openPool({ gpu: false, after: time.after, ...(workerProgram && { workerProgram }) });
  return { t, time };
}
const HANGING = join(import.meta.dirname, 'hangingWorker.ts');

test(
  'a chat template that never ends hangs the load, which is ended, and is not tried again by itself',
  slow,
  async () => {
    const { t, time } = await open();
    await using _end = t;
    const endless = '{% for i in range(1000000000) %}{% for j in range(1000000000) %}{% endfor %}{% endfor %}';
    const write = (path: string) =>
      writeRandomModel(path, { metadata: { 'tokenizer.chat_template': { string: endless } } });
    const path = t.add('endless', write);
    const asked = ['a', 'b'].map((conversation) => t.ask('endless', [user('hi')], { conversation }));
    const crashed = (error: OspainError) => {
      assert.equal(error.code, 'model_crashed');
      assert.match(`${error.toWire().cause}`, /When it was loaded, it was not ready after 2 minutes/);
      return true;
    };
    const ends = asked.map((one) => assert.rejects(one, crashed));
    await t.started(Promise.all(ends));
    await time.pass(2 * MINUTE + 1000);
    await Promise.all(ends);
    assert.equal(time.waiting(), 0);
    assert.equal(t.registry.list().find(({ name }) => name === 'endless')?.state, 'failed');
    await assert.rejects(t.ask('endless', [user('hi')]), crashed);
    assert.equal(t.pids().length, 1);

    writeRandomModel(`${path}.new`);
    renameSync(`${path}.new`, path);
    await t.ask('endless', [user('hi')], { maxTokens: 3 });
  },
);

test('a person may have a file tried again that hung', slow, async () => {
  const { t, time } = await open(HANGING);
  await using _end = t;
  t.add('hang', (path) => writeRandomModel(path));
  const { signal } = new AbortController();
  for (let round = 1; round <= 2; round++) {
    const loading = assert.rejects(t.pool.load('hang', signal), { code: 'model_crashed' });
    await t.started(loading);
    await time.pass(2 * MINUTE + 1000);
    await loading;
    assert.equal(t.pids().length, round);
  }
});

test('a worker that falls silent is ended, whoever it was speaking to may try again', slow, async () => {
  const { t, time } = await open(HANGING);
  await using _end = t;
  t.add('speaker', (path) => writeRandomModel(path));
  const other = t.ask('speaker', [user('wait')], { conversation: 'other' });
  const failed = (error: OspainError) => {
    assert.equal(error.code, 'worker_failed');
    assert.match(error.message, /gave no sign of life for 2 minutes/);
    return true;
  };
  const ends = [assert.rejects(other, failed)];
  const { promise: spoke, resolve } = Promise.withResolvers<void>();
  ends.push(assert.rejects(t.ask('speaker', [user('hang')], { onText: () => resolve() }), failed));
  await spoke;
  await time.pass(MINUTE);
  assert.equal(t.pool.status()[0]?.conversations.used, 2, 'not too soon');
  await time.pass(2 * MINUTE);
  await Promise.all(ends);
  assert.equal((await t.ask('speaker', [user('hi')])).text, 'Fine.', 'the file is not to blame');
  assert.equal(t.pids().length, 2);
});

test('a worker that nobody asks may be silent', slow, async () => {
  const { t, time } = await open(HANGING);
  await using _end = t;
  t.add('speaker', (path) => writeRandomModel(path));
  await t.ask('speaker', [user('hi')]);
  assert.equal(time.waiting(), 0);
  await time.pass(600 * MINUTE);
  assert.equal(t.pool.status().length, 1);
});

test('a server that stops does not wait for a worker that hangs', slow, async () => {
  const { t } = await open(HANGING);
  await using _end = t;
  t.add('speaker', (path) => writeRandomModel(path));
  const { promise: spoke, resolve } = Promise.withResolvers<void>();
  const hung = t.ask('speaker', [user('hang')], { onText: () => resolve() });
  const end = assert.rejects(hung, { code: 'worker_failed' });
  await spoke;
  await t.pool.dispose();
  await end;
});

test('a file that is unloaded while it hangs is not to blame', slow, async () => {
  const { t } = await open(HANGING);
  await using _end = t;
  const path = t.add('hang', (path) => writeRandomModel(path));
  const loading = assert.rejects(t.ask('hang', [user('hi')]), /it was unloaded/);
  await t.started(loading);
  await t.pool.unload('hang');
  await loading;
  assert.equal(t.registry.list().find(({ artifact }) => artifact === path)?.state, 'idle');
  const again = assert.rejects(t.ask('hang', [user('hi')]), { code: 'worker_failed' });
  await t.started(again);
  await t.pool.dispose();
  await again;
});
