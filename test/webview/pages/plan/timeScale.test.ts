import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Item } from '../../../../protocol/index.ts';
import {
  barOf,
  dayAtPart,
  movedDates,
  scaleAt,
  shifted,
  timelineRows,
} from '../../../../webview/pages/plan/timeScale.ts';

/** With the change of the clocks in Europe in its middle. */
const scale = scaleAt('month', '2026-10-14');

describe('items along the calendar', () => {
  it('stand in whole weeks', () => {
    assert.deepEqual(scale, { from: '2026-10-12', days: 35 });
    assert.equal(shifted(scale, 1).from, '2026-11-09');
    assert.equal(shifted(scaleAt('week', '2026-10-14'), -1).from, '2026-10-05');
    assert.equal(dayAtPart(scale, 0), '2026-10-12');
    assert.equal(dayAtPart(scale, 13.5 / 35), '2026-10-25');
    assert.equal(dayAtPart(scale, 1), '2026-11-15');
  });

  it('are drawn from their first day through their last', () => {
    const bar = (start: string | null, due: string | null) => {
      const found = barOf({ start, due }, scale);
      return (
        found &&
        [found.left * 35, found.right * 35, found.cutLeft, found.cutRight].map((x) =>
          typeof x === 'number' ? Math.round(x) : x,
        )
      );
    };
    assert.deepEqual(bar('2026-10-24', '2026-10-26'), [12, 15, false, false]);
    assert.deepEqual(bar(null, '2026-10-12'), [0, 1, false, false]);
    assert.deepEqual(bar('2026-11-15', null), [34, 35, false, false]);
    assert.deepEqual(bar('2026-01-01', '2027-01-01'), [0, 35, true, true]);
    for (const [start, due] of [
      [null, null],
      [null, '2026-10-11'],
      ['2026-11-16', null],
    ] as const)
      assert.equal(bar(start, due), undefined);
  });

  it('move as a whole, or one end of them, which never passes the other', () => {
    const item = { start: '2026-10-24', due: '2026-10-26' };
    assert.deepEqual(movedDates(item, 7), { start: '2026-10-31', due: '2026-11-02' });
    assert.deepEqual(movedDates({ start: null, due: '2026-10-26' }, -1), { due: '2026-10-25' });
    assert.deepEqual(movedDates(item, 1, 'end'), { due: '2026-10-27' });
    assert.deepEqual(movedDates(item, -9, 'end'), { due: '2026-10-24' });
    assert.deepEqual(movedDates(item, 9, 'start'), { start: '2026-10-26' });
    assert.deepEqual(movedDates({ start: '2026-10-24', due: null }, 2, 'end'), { due: '2026-10-26' });
  });

  it('are in the order of their days; what has none comes last, what is overdue is never lost', () => {
    const item = (title: string, facts: Partial<Item>): Item =>
      ({ title, number: 1, start: null, due: null, doneAt: null, horizon: 'next', ...facts }) as Item;
    const all = [
      item('undated', {}),
      item('someday', { horizon: 'someday' }),
      item('late', { due: '2026-11-01' }),
      item('early', { start: '2026-10-13', due: '2026-12-01' }),
      item('overdue', { due: '2026-09-01' }),
      item('done long ago', { due: '2026-09-01', doneAt: 1 }),
      item('far', { start: '2027-01-01' }),
    ];
    const { dated, undated } = timelineRows(all, scale, '2026-10-14');
    assert.deepEqual(
      [...dated, ...undated].map(({ title }) => title),
      ['overdue', 'early', 'late', 'undated'],
    );
    assert.equal(timelineRows(all, shifted(scale, 1), '2026-10-14').dated.length, 1);
  });
});
