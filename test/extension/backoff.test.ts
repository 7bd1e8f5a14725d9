import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBackoff } from '../../extension/backoff.ts';

test('waits grow, and end with the sixth end within three minutes', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  const waits = Array.from({ length: 6 }, () => {
    now += 1000;
    return backoff.next();
  });
  assert.deepEqual(waits, [250, 1000, 2000, 4000, 8000, undefined]);
});

test('after three quiet minutes it begins anew', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  backoff.next();
  backoff.next();
  now += 180_000;
  assert.equal(backoff.next(), 250);
});

test('reset begins anew', () => {
  const backoff = createBackoff(() => 0);
  backoff.next();
  backoff.reset();
  assert.equal(backoff.next(), 250);
});
