import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { localTime, moment, parseMoment } from '../../cli/moments.ts';
import { OspainError } from '../../protocol/index.ts';

const noon = new Date(2027, 0, 15, 12, 0).getTime();

describe('moments', () => {
  it('are shown in local time, and how far away they are', () => {
    assert.equal(localTime(noon), '2027-01-15 12:00');
    assert.equal(moment(noon + 3 * 3_600_000, noon), '2027-01-15 15:00, in 3 h');
    assert.equal(moment(noon - 90_000, noon), '2027-01-15 11:58, 1 min ago');
  });

  const read: [text: string, at: number][] = [
    ['12:01', new Date(2027, 0, 15, 12, 1).getTime()],
    ['12:00', new Date(2027, 0, 16, 12, 0).getTime()],
    ['2:05', new Date(2027, 0, 16, 2, 5).getTime()],
    ['2027-02-28 02:00', new Date(2027, 1, 28, 2, 0).getTime()],
    ['2027-02-28T02:00:30+01:00', Date.UTC(2027, 1, 28, 1, 0, 30)],
    ['2027-02-28T02:00Z', Date.UTC(2027, 1, 28, 2, 0)],
  ];
  for (const [text, at] of read) it(`are read: ${text}`, () => assert.equal(parseMoment(text, noon), at));

  for (const text of ['', 'tonight', '24:00', '12:60', '2027-13-01 02:00', '2027-02-28', '1e3'])
    it(`are not: ${JSON.stringify(text)}`, () =>
      assert.throws(
        () => parseMoment(text, noon),
        (thrown) => thrown instanceof OspainError && thrown.code === 'invalid_params',
      ));
});
