import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from '../../../../server/inference/llama/throttle.ts';

test('slow text passes at once, fast text in pieces, and nothing is lost or out of order', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: string[] = [];
  const throttle = createThrottle((text) => sent.push(text), 10);
  throttle.push('a');
  assert.deepEqual(sent, ['a']);
  for (const text of ['b', 'c', 'd']) throttle.push(text);
  assert.deepEqual(sent, ['a']);
  t.mock.timers.tick(10);
  assert.deepEqual(sent, ['a', 'bcd']);
  throttle.push('e');
  t.mock.timers.tick(10);
  t.mock.timers.tick(10);
  throttle.push('f');
  assert.deepEqual(sent, ['a', 'bcd', 'e', 'f']);
  throttle.push('g');
  throttle.finish();
  t.mock.timers.tick(100);
  assert.deepEqual(sent, ['a', 'bcd', 'e', 'f', 'g']);
});
