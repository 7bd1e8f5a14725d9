import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { isAskedToLeave, whileOpening, whileReplacing } from '../../../server/storage/handover.ts';
import { workspaceData } from './workspaceData.ts';

test('who replaces the database asks others to leave, and nobody opens it meanwhile', { timeout: 60_000 }, async () => {
  using data = workspaceData();
  const { location } = data;
  const order: string[] = [];
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const replacing = whileReplacing(location, async () => {
    order.push('replacing');
    assert.equal(isAskedToLeave(location), true);
    await left;
    order.push('replaced');
  });
  const opening = whileOpening(location, async () => order.push('opened'));
  leave();
  await Promise.all([replacing, opening]);
  assert.deepEqual(order, ['replacing', 'replaced', 'opened']);
  assert.equal(isAskedToLeave(location), false);
  await assert.rejects(
    whileReplacing(location, () => Promise.reject(new RangeError('no'))),
    RangeError,
  );
  assert.equal(isAskedToLeave(location), false, 'also when replacing failed');
});

test('what a server asked that died meanwhile no longer counts', async () => {
  using data = workspaceData();
  writeFileSync(`${data.location.database}.leave`, '');
  assert.equal(isAskedToLeave(data.location), true);
  await whileOpening(data.location, async () => {});
  assert.equal(isAskedToLeave(data.location), false);
});
