import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createThrottle } from '../../extension/throttle.ts';

test('runs at once, then once for all that came within the interval', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const throttle = createThrottle(() => {
    runs += 1;
  }, 100);
  throttle();
  throttle();
  throttle();
  assert.equal(runs, 1);
  t.mock.timers.tick(99);
  assert.equal(runs, 1);
  t.mock.timers.tick(1);
  assert.equal(runs, 2);
  t.mock.timers.tick(1000);
  assert.equal(runs, 2);
  throttle();
  assert.equal(runs, 3);
});

test('nothing runs after dispose', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let runs = 0;
  const throttle = createThrottle(() => {
    runs += 1;
  }, 100);
  throttle();
  throttle();
  throttle.dispose();
  t.mock.timers.tick(1000);
  assert.equal(runs, 1);
});
