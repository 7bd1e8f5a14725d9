import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatch } from '../../../server/inference/watch.ts';
import { fakeTime } from '../tasks/fakeTime.ts';

function open() {
  const clock = { now: 0 };
  const time = fakeTime(clock);
  const state = { silences: 0 };
  const watch = createWatch(1000, time.after, () => {
    state.silences += 1;
  });
  return { clock, time, state, watch };
}

test('silence counts only while something is asked', async () => {
  const { time, state, watch } = open();
  await time.pass(5000);
  const done = watch.begin();
  await time.pass(900);
  done();
  done();
  await time.pass(5000);
  assert.deepEqual([state.silences, time.waiting()], [0, 0]);
  watch.begin();
  await time.pass(999);
  assert.equal(state.silences, 0);
  await time.pass(1);
  assert.equal(state.silences, 1);
  await time.pass(5000);
  assert.equal(state.silences, 1, 'once');
});

test('each sign begins a new silence, and so does each new request', async () => {
  const { time, state, watch } = open();
  const first = watch.begin();
  await time.pass(800);
  watch.sign();
  await time.pass(800);
  const second = watch.begin();
  await time.pass(800);
  first();
  await time.pass(800);
  assert.equal(state.silences, 0);
  await time.pass(200);
  assert.equal(state.silences, 1);
  second();
});

test('a machine that slept has not been silent', async () => {
  const { clock, time, state, watch } = open();
  const done = watch.begin();
  clock.now += 3_600_000;
  await time.pass(700);
  assert.equal(state.silences, 0);
  await time.pass(300);
  assert.equal(state.silences, 1);
  done();
});
