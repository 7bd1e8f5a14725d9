import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OspainError, type When } from '../../../protocol/index.ts';
import { fixWhen, type Occurrences, occurrencesOf } from '../../../server/schedules/occurrences.ts';

const at = (text: string) => Date.parse(text);
const from = at('2026-01-05T00:00:00Z');

/** Due times in a span, its end included. */
function between(occurrences: Occurrences, start: number, end: number): number[] {
  const found: number[] = [];
  for (let due = occurrences.after(start); due !== null && due <= end; due = occurrences.after(due)) found.push(due);
  return found;
}

const berlin = (cron: string, start: string, end: string): string[] =>
  between(occurrencesOf({ cron, timeZone: 'Europe/Berlin' }), at(start), at(end)).map((due) =>
    new Date(due).toISOString().slice(5, 16),
  );

describe('due times', () => {
  it('of one time are that time', () => {
    const once = occurrencesOf({ at: from });
    assert.deepEqual([once.after(from - 1), once.after(from)], [from, null]);
    assert.deepEqual([once.newest(5, from), once.newest(5, from - 1)], [from, null]);
  });

  it('of an expression go by its time zone', () => {
    assert.deepEqual(berlin('30 4 * * MON', '2026-01-01T00:00Z', '2026-01-13T00:00Z'), ['01-05T03:30', '01-12T03:30']);
  });

  it('where the clocks go forward, a single time comes at the end of the gap, others are left out', () => {
    // 29 March 2026: 02:00 becomes 03:00, which is 01:00 UTC.
    const night = ['2026-03-28T12:00Z', '2026-03-29T12:00Z'] as const;
    assert.deepEqual(berlin('30 2 * * *', ...night), ['03-29T01:00']);
    assert.deepEqual(berlin('30 1,2,3 * * *', ...night), ['03-29T00:30', '03-29T01:30']);
    assert.deepEqual(berlin('*/30 1-3 * * *', ...night), ['03-29T00:00', '03-29T00:30', '03-29T01:00', '03-29T01:30']);
  });

  it('where the clocks go back, a single time comes once, others twice', () => {
    // 25 October 2026: 03:00 becomes 02:00, which is 01:00 UTC.
    const night = ['2026-10-24T12:00Z', '2026-10-25T12:00Z'] as const;
    assert.deepEqual(berlin('30 2 * * *', ...night), ['10-25T00:30']);
    assert.deepEqual(berlin('30 2,3 * * *', ...night), ['10-25T00:30', '10-25T01:30', '10-25T02:30']);
  });

  it('are counted back as they are counted forward, over both changes too', () => {
    const year = [at('2026-01-01T00:00Z'), at('2027-01-01T00:00Z')] as const;
    for (const cron of ['30 2 * * *', '0 */6 * * *', '15 2,3 * * SUN', '0 0 1 * MON']) {
      const occurrences = occurrencesOf({ cron, timeZone: 'Europe/Berlin' });
      const all = between(occurrences, ...year);
      for (const [index, due] of all.entries()) {
        if (index % 7 !== 0 && Math.abs(due - at('2026-10-25')) > 2e8) continue;
        assert.equal(occurrences.newest(1, due), due);
        assert.equal(occurrences.newest(1, due - 1), all[index - 1] ?? occurrences.newest(1, due - 1));
        assert.equal(occurrences.newest(3, due + 1), all[index - 2] ?? occurrences.newest(3, due + 1));
      }
    }
  });

  const wrong: [when: When, reason: RegExp][] = [
    [{ cron: '61 * * * *' }, /is wrong: Invalid value for minute: 61/],
    [{ cron: '* * * *' }, /is wrong: .*exactly five/],
    [{ cron: '* * * * * *' }, /is wrong: .*requires exactly 5 parts/],
    [{ cron: '? * * * *' }, /\? is not supported/],
    [{ cron: '2026-02-01T00:00:00' }, /it is a date/],
    [{ cron: '0 0 31 2 *' }, /never due/],
    [{ cron: '0 2 * * *', timeZone: 'Mars/Crater' }, /no time zone "Mars\/Crater"/],
    [{ at: from }, /has passed/],
    [{ at: Number.MAX_SAFE_INTEGER }, /too far away/],
  ];
  for (const [when, reason] of wrong)
    it(`are refused: ${JSON.stringify(when)}`, () => {
      const isRefused = (thrown: unknown) => {
        assert.ok(thrown instanceof OspainError);
        assert.equal(thrown.code, 'invalid_params');
        assert.match(thrown.message, reason);
        return true;
      };
      assert.throws(() => fixWhen(when, from, 'UTC'), isRefused);
    });

  it('have a time zone, also where none is given', () => {
    assert.deepEqual(fixWhen({ cron: ' @daily ' }, from, 'Asia/Tokyo'), { cron: '@daily', timeZone: 'Asia/Tokyo' });
  });
});
