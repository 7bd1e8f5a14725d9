import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDay } from '../../cli/days.ts';
import { OspainError } from '../../protocol/index.ts';

describe('days that people write', () => {
  const read = {
    today: '2026-12-31',
    tomorrow: '2027-01-01',
    '+3': '2027-01-03',
    '+0': '2026-12-31',
    '2028-02-29': '2028-02-29',
  };
  for (const [text, day] of Object.entries(read))
    it(`are read: ${text}`, () => assert.equal(parseDay(text, '2026-12-31'), day));

  for (const text of ['', 'friday', '+', '-1', '2027-02-29', '31.12.2026', '2026-12-31T00:00'])
    it(`are not: ${JSON.stringify(text)}`, () =>
      assert.throws(
        () => parseDay(text, '2026-12-31'),
        (thrown) => thrown instanceof OspainError && thrown.code === 'invalid_params',
      ));
});
