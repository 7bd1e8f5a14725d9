import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { openClockedPlan, type Plan, TODAY } from './planFixture.ts';

const hasCode = (code: string) => (thrown: unknown) => thrown instanceof OspainError && thrown.code === code;

const weeks = (plan: Plan, count = 3) =>
  plan.capacity
    .show({ weeks: count })
    .weeks.map(({ week, capacity, planned, items, unestimated, done }) =>
      [week, capacity, planned, items, unestimated, done].join(' '),
    );

describe('capacity', { timeout: 60_000 }, () => {
  it('is compared with what falls into each week', async () => {
    using plan = await openClockedPlan();
    plan.add('due this week', { estimate: 60, due: '2026-11-29' });
    plan.add('due on a Monday', { estimate: 30, due: '2026-11-30' });
    plan.add('overdue', { estimate: 5, due: '2026-10-01' });
    plan.add('now', { horizon: 'now' });
    plan.add('undated', { estimate: 7 });
    plan.add('someday', { horizon: 'someday', estimate: 1000, due: '2026-11-29' });
    plan.add('far away', { estimate: 1000, due: '2027-11-29' });
    const finished = plan.add('done', { estimate: 90, due: '2026-12-01' });
    plan.change(finished.id, { done: true });
    assert.deepEqual(weeks(plan), ['2026-11-23 1800 65 3 1 90', '2026-11-30 1800 30 1 0 0', '2026-12-07 1800 0 0 0 0']);
    assert.deepEqual(plan.capacity.show({ weeks: 1 }).undated, { items: 1, planned: 7 });
  });

  it('spreads what takes longer over its days, and loses no minute', async () => {
    using plan = await openClockedPlan();
    plan.add('a fortnight', { estimate: 1000, start: '2026-11-27', due: '2026-12-10' });
    plan.add('begun', { estimate: 100, start: '2026-11-01', due: '2026-11-30' });
    // Three, seven and four of fourteen days; of the second five of the six that are left.
    assert.deepEqual(weeks(plan), [
      `2026-11-23 1800 ${214 + 83} 2 0 0`,
      `2026-11-30 1800 ${500 + 17} 2 0 0`,
      '2026-12-07 1800 286 1 0 0',
    ]);
  });

  it('is what a person said, of each week or of one', async () => {
    using plan = await openClockedPlan();
    plan.capacity.set({ minutes: 600 });
    plan.capacity.set({ week: '2026-11-30', minutes: 0 });
    assert.deepEqual(
      weeks(plan).map((line) => line.split(' ')[1]),
      ['600', '0', '600'],
    );
    plan.capacity.set({ week: '2026-11-30', minutes: null });
    plan.capacity.set({ minutes: null });
    assert.deepEqual(
      weeks(plan).map((line) => line.split(' ')[1]),
      ['1800', '1800', '1800'],
    );
    assert.throws(() => plan.capacity.set({ week: TODAY, minutes: 1 }), hasCode('invalid_params'));
  });
});
