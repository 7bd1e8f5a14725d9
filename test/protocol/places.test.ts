import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placeBetween } from '../../protocol/index.ts';

test('there is room at both ends and between any two, wherever many were put', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 120 }), (where) => {
      const places: string[] = [];
      for (const part of where) {
        const at = Math.round(part * places.length);
        const [low = null, high = null] = [places[at - 1], places[at]];
        const made = placeBetween(low, high);
        assert.ok((low === null || low < made) && (high === null || made < high), `${low} ${made} ${high}`);
        assert.ok(!made.endsWith('0'));
        places.splice(at, 0, made);
      }
    }),
    { seed: 7, numRuns: 300 },
  );
});

test('places at an end stay short; those between the same two grow slowly', () => {
  let [first, last] = [placeBetween(null, null), placeBetween(null, null)];
  for (let n = 0; n < 10_000; n++) [first, last] = [placeBetween(null, first), placeBetween(last, null)];
  assert.deepEqual([first.length, last.length], [9, 9]);
  let [low, high] = [placeBetween(null, null), placeBetween(placeBetween(null, null), null)];
  for (let n = 0; n < 500; n++) [low, high] = n % 2 ? [placeBetween(low, high), high] : [low, placeBetween(low, high)];
  assert.ok(low.length < 300, String(low.length));
});
