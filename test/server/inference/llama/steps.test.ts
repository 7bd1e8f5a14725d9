import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGate } from '../../../../server/inference/llama/pace.ts';
import { tellingSteps } from '../../../../server/inference/llama/steps.ts';
import { listen } from './listener.ts';

test('steps are told when they are done, and not too often', async () => {
  let [now, told] = [0, 0];
  const enter = tellingSteps(
    createGate({ speaking: 0 }),
    () => told++,
    1000,
    () => now,
  );
  const pace = enter('background', listen());
  await pace.slice(async () => assert.equal(told, 0, 'not before'));
  assert.equal(told, 1);
  await pace.goOn();
  now = 999;
  await pace.goOn();
  assert.equal(told, 1);
  now = 1000;
  await pace.goOn();
  assert.equal(told, 2);
  now = 2000;
  await enter('interactive', listen()).slice(async () => {});
  assert.equal(told, 3);
});

test('what stands still or fails is no step', async () => {
  let told = 0;
  const enter = tellingSteps(createGate({ speaking: 0 }), () => told++, 0);
  const pace = enter('background', listen());
  const person = enter('interactive', listen());
  const waiting = pace.goOn();
  await new Promise(setImmediate);
  assert.equal(told, 0);
  await assert.rejects(person.slice(() => Promise.reject(new Error('no'))));
  assert.equal(told, 0);
  person.leave();
  await waiting;
  assert.equal(told, 1);
});
