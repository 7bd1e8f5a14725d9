import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from '../../../../server/inference/llama/within.ts';

const LONG = 60_000;

test('gives back what the code gives, and throws what it throws', () => {
  const thrown = new TypeError('own');
  assert.equal(
    within(LONG, () => 42),
    42,
  );
  assert.throws(
    () =>
      within(LONG, () => {
        throw thrown;
      }),
    (error) => error === thrown,
  );
  assert.equal(
    within(LONG, () => `${within(LONG, () => 'inner')} and outer`),
    'inner and outer',
  );
});

test('ends code that does not end, and works on', () => {
  assert.throws(
    () =>
      within(20, () => {
        for (;;);
      }),
    /does not come to an end/,
  );
  assert.equal(
    within(LONG, () => 'again'),
    'again',
  );
});
