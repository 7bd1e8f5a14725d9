import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PlanPart } from '../../../../protocol/plans.ts';
import { withAfter, withMoved, withoutPart, withPart, withText } from '../../../../webview/pages/tasks/planParts.ts';

const plan: readonly PlanPart[] = [
  { instruction: 'a', after: [] },
  { instruction: 'b', after: [1] },
  { instruction: 'c', after: [2] },
  { instruction: 'd', after: [1, 3] },
];
const short = (parts: readonly PlanPart[]) => parts.map(({ instruction, after }) => `${instruction}${after.join('')}`);

test('parts are written anew, added, and told what they come after', () => {
  assert.deepEqual(short(withText(plan, 1, 'B')), ['a', 'B1', 'c2', 'd13']);
  assert.deepEqual(short(withPart(plan, 'e')), ['a', 'b1', 'c2', 'd13', 'e4']);
  assert.deepEqual(short(withPart([], 'e')), ['e']);
  assert.deepEqual(short(withAfter(plan, 3, 2)), ['a', 'b1', 'c2', 'd123']);
  assert.deepEqual(short(withAfter(plan, 3, 1)), ['a', 'b1', 'c2', 'd3']);
});

test('who came after a part that is gone comes after those before it', () => {
  assert.deepEqual(short(withoutPart(plan, 1)), ['a', 'c1', 'd12']);
  assert.deepEqual(short(withoutPart(plan, 0)), ['b', 'c1', 'd2']);
});

test('a part that moves keeps what can still be before it', () => {
  assert.deepEqual(short(withMoved(plan, 0, 1)), ['b', 'a', 'c1', 'd23']);
  assert.deepEqual(short(withMoved(plan, 3, -1)), ['a', 'b1', 'd1', 'c2']);
  assert.deepEqual(short(withMoved(plan, 0, -1)), short(plan));
});

test('whatever is done, a part only comes after parts above it', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom('move', 'drop', 'add'), fc.nat(5), fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(steps, (list) => {
      let parts: readonly PlanPart[] = plan;
      for (const [what, index, up] of list) {
        if (what === 'add') parts = withPart(parts, 'x');
        else if (what === 'drop') parts = withoutPart(parts, index);
        else parts = withMoved(parts, index, up ? -1 : 1);
      }
      return parts.every(
        ({ after }, at) => after.every((n) => n >= 1 && n <= at) && new Set(after).size === after.length,
      );
    }),
    { seed: 6, numRuns: 500 },
  );
});
