import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addDays, OspainError } from '../../../protocol/index.ts';
import { openClockedPlan, TODAY } from './planFixture.ts';

const hasCode = (code: string) => (thrown: unknown) => thrown instanceof OspainError && thrown.code === code;

describe('progress', { timeout: 60_000 }, () => {
  it('is what was planned and done at the end of each day', async () => {
    using plan = await openClockedPlan();
    plan.clock.day = '2026-11-20';
    const [a, b] = [plan.add('a', { estimate: 60 }), plan.add('b')];
    plan.add('c', { horizon: 'someday', estimate: 500 });
    plan.clock.day = '2026-11-22';
    plan.change(a.id, { done: true });
    plan.change(b.id, { estimate: 30 });
    plan.clock.day = '2026-11-23';
    plan.change(a.id, { done: false });
    plan.move('3', { horizon: 'next' });
    plan.clock.day = TODAY;
    plan.items.remove({ itemId: b.id });
    const days = plan.progress('2026-11-19', TODAY).map((one) => Object.values(one).join(' '));
    assert.deepEqual(days, [
      '2026-11-19 0 0 0 0 0 0',
      '2026-11-20 2 60 0 0 0 0',
      '2026-11-21 2 60 0 0 0 0',
      '2026-11-22 2 90 1 60 1 60',
      '2026-11-23 3 590 0 0 -1 -60',
      '2026-11-24 3 590 0 0 0 0',
      '2026-11-25 2 560 0 0 0 0',
    ]);
    assert.deepEqual(
      plan.progress(TODAY, TODAY).map(({ planned }) => planned),
      [2],
      'the past counts',
    );
    assert.throws(() => plan.progress(TODAY, addDays(TODAY, -1)), hasCode('invalid_params'));
    assert.throws(() => plan.progress('1990-01-01', TODAY), hasCode('invalid_params'));
  });
});
