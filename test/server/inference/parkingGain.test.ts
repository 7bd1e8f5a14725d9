import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paysToPark } from '../../../server/inference/parkingGain.ts';

/** Bytes of state a token: the bench's model, and one of 8 billion weights. */
const [SMALL, LARGE] = [11_000, 131_000];

test('a processor reads slower than a disk, a graphics processor may not', () => {
  assert.equal(paysToPark(SMALL, 400), true);
  assert.equal(paysToPark(LARGE, 40), true);
  assert.equal(paysToPark(LARGE, 5000), false);
  assert.equal(paysToPark(LARGE, null), true, 'nothing is known yet');
});
