import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRoom, type Occupant } from '../../../server/inference/room.ts';

const footprint = { model: 100, conversation: 10 };
const warm = (name: string, usedAt: number, more: Partial<Occupant> = {}): Occupant => ({
  ...{ name, usedAt, held: 100, admitted: 100, isLoading: false, stays: null },
  ...more,
});
const find = (available: number, occupants: Occupant[] = [], most = Number.POSITIVE_INFINITY) => {
  const room = findRoom(footprint, 5, { available, most }, occupants);
  return room.fits ? [room.conversations, room.leave.map(({ name }) => name).join(' ')] : [room.need, room.free];
};

test('a model gets as many conversations as fit, and at least one', () => {
  assert.deepEqual(find(150), [5, '']);
  assert.deepEqual(find(149), [4, '']);
  assert.deepEqual(find(120), [2, '']);
  assert.deepEqual(find(110), [1, '']);
  assert.deepEqual(find(109), [110, 109]);
  assert.deepEqual(find(-5), [110, 0], 'nobody is told of less than nothing');
});

test('models that nobody uses make room, the one used longest ago first, and no more than are needed', () => {
  const occupants = [warm('b', 2), warm('a', 1), warm('c', 3)];
  assert.deepEqual(find(50, occupants), [5, 'a']);
  assert.deepEqual(find(0, occupants), [5, 'a b'], 'for two conversations');
  assert.deepEqual(find(120, occupants), [2, ''], 'a third conversation is not worth a warm model');
  assert.deepEqual(find(110, occupants), [5, 'a'], 'a second one is');
  assert.deepEqual(find(-190, occupants), [1, 'a b c'], 'with everything gone one conversation fits');
  assert.deepEqual(find(-191, occupants), [110, 109]);
});

test('models in use and pinned ones stay', () => {
  const occupants = [warm('a', 1, { stays: 'in use' }), warm('b', 2, { stays: 'pinned' }), warm('c', 3)];
  assert.deepEqual(find(20, occupants), [2, 'c']);
  assert.deepEqual(find(0, occupants), [110, 100]);
});

test('the limit counts what models were let in with, or hold, whichever is more', () => {
  assert.deepEqual(find(1000, [warm('a', 1)], 250), [5, '']);
  assert.deepEqual(find(1000, [warm('a', 1, { held: 131 })], 250), [5, 'a']);
  assert.deepEqual(find(1000, [warm('a', 1, { admitted: 141, stays: 'pinned' })], 250), [110, 109]);
  assert.deepEqual(find(1000, [], 109), [110, 109]);
});

test('what a model that loads has yet to take is not free', () => {
  const loading = warm('a', 1, { isLoading: true, held: 30, admitted: 100, stays: 'in use' });
  assert.deepEqual(find(220, [loading]), [5, '']);
  assert.deepEqual(find(179, [loading]), [110, 109]);
  assert.deepEqual(find(80, [{ ...loading, stays: null }]), [1, 'a'], 'one that nobody waits for gives its part back');
});
