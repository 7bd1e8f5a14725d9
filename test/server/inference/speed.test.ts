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

test('the speed of prompts is the best of the last that were long enough', () => {
  const speed = createSpeed();
  const prompt = (promptTokens: number, cachedTokens: number, firstTokenMs: number) =>
    speed.add({ ...usage(2, firstTokenMs, firstTokenMs + 10), promptTokens, cachedTokens });
  prompt(1000, 950, 10);
  assert.equal(speed.promptRate, null, 'hardly anything was evaluated');
  prompt(1000, 500, 5000);
  prompt(200, 0, 1000);
  assert.equal(speed.promptRate, 200, 'the other one waited');
  for (let n = 0; n < 8; n++) prompt(100, 0, 1000);
  assert.equal(speed.promptRate, 100);
});
