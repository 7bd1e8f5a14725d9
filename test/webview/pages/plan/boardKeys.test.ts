import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { boardAct, type Order } from '../../../../webview/pages/plan/boardKeys.ts';

const order: Order = { now: ['a', 'b', 'c'], next: [], later: ['d'], someday: ['e', 'f'] };
const press = (key: string, id: string, altKey = false, ctrlKey = false) =>
  boardAct({ key, altKey, ctrlKey, metaKey: false }, id, order);
const focus = (id: string) => ({ does: 'focus', id });
const move = (horizon: string, before?: string) => ({ does: 'move', horizon, before });

describe('keys on the board', () => {
  it('go through a horizon, and to the nearest one that has any', () => {
    assert.deepEqual(press('ArrowDown', 'a'), focus('b'));
    assert.deepEqual(press('End', 'a'), focus('c'));
    assert.deepEqual(press('PageUp', 'c'), focus('a'));
    assert.deepEqual(press('ArrowRight', 'b'), focus('d'));
    assert.deepEqual(press('ArrowRight', 'd'), focus('e'));
    assert.deepEqual(press('ArrowLeft', 'f'), focus('d'));
    for (const [key, id] of [
      ['ArrowUp', 'a'],
      ['ArrowLeft', 'a'],
      ['ArrowRight', 'f'],
      ['x', 'a'],
    ] as const)
      assert.equal(press(key, id), undefined);
  });

  it('move with Alt: up, down, to the ends, and aside also where nothing is', () => {
    assert.deepEqual(press('ArrowUp', 'c', true), move('now', 'b'));
    assert.deepEqual(press('ArrowDown', 'a', true), move('now', 'c'));
    assert.deepEqual(press('ArrowDown', 'b', true), move('now', undefined));
    assert.deepEqual(press('Home', 'c', true), move('now', 'a'));
    assert.deepEqual(press('ArrowRight', 'b', true), move('next', undefined));
    assert.deepEqual(press('ArrowLeft', 'f', true), move('later', undefined));
    assert.deepEqual(press('ArrowRight', 'd', true), move('someday', 'e'));
    for (const [key, id] of [
      ['ArrowUp', 'a'],
      ['ArrowDown', 'c'],
      ['ArrowLeft', 'a'],
      ['ArrowRight', 'e'],
    ] as const)
      assert.equal(press(key, id, true), undefined);
  });

  it('are left to others with Control, and say what is done and removed', () => {
    assert.equal(press('ArrowDown', 'a', false, true), undefined);
    assert.deepEqual([press('d', 'a'), press('Delete', 'a')], [{ does: 'done' }, { does: 'remove' }]);
    assert.equal(press('ArrowDown', 'gone'), undefined);
  });
});
