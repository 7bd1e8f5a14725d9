import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSpeed } from '../../../server/inference/speed.ts';

const usage = (generatedTokens: number, firstTokenMs: number, durationMs: number) => ({
  ...{ promptTokens: 5, cachedTokens: 0 },
  ...{ generatedTokens, firstTokenMs, durationMs },
});

test('the speed is that of the tokens after the first, over the last answers', () => {
  const speed = createSpeed();
  assert.equal(speed.rate, null);
  speed.add(usage(1, 400, 400));
  assert.equal(speed.rate, null, 'one token says nothing');
  speed.add(usage(11, 500, 1500));
  assert.equal(speed.rate, 10);
  speed.add(usage(31, 0, 1000));
  assert.equal(speed.rate, 20);
  for (let n = 0; n < 8; n++) speed.add(usage(3, 0, 1000));
  assert.equal(speed.rate, 2, 'what is long ago is forgotten');
});
