import assert from 'node:assert/strict';
import { it } from 'node:test';
import { dropTarget } from '../../../../webview/pages/plan/dropTarget.ts';

const order = { now: ['a', 'b'], next: [], later: [], someday: [] };
const over = (id: string) => ({ id, rect: { top: 100, height: 40 } });

it('what is let go over an item goes before or behind it, over a column to its end', () => {
  assert.deepEqual(dropTarget(over('a'), 110, order), { horizon: 'now', before: 'a' });
  assert.deepEqual(dropTarget(over('a'), 130, order), { horizon: 'now', before: 'b' });
  assert.deepEqual(dropTarget(over('b'), 130, order), { horizon: 'now', before: undefined });
  assert.deepEqual(dropTarget(over('later'), 130, order), { horizon: 'later', before: undefined });
  assert.equal(dropTarget(over('gone'), 130, order), undefined);
  assert.equal(dropTarget(null, 130, order), undefined);
});
