import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { minutesText, readMinutes } from '../../protocol/index.ts';

describe('minutes of work', () => {
  const read: [text: string, minutes: number][] = [
    ...([
      ['90', 90],
      ['1h', 60],
      ['1.5h', 90],
      ['1,5 h', 90],
      ['2:15', 135],
      ['1h30', 90],
      ['1 h 30 min', 90],
    ] as const),
    ...([
      ['45min', 45],
      ['45 m', 45],
      [' 5 ', 5],
      ['100h', 6000],
    ] as const),
  ].map(([text, minutes]) => [text, minutes]);
  for (const [text, minutes] of read) it(`are read: ${text}`, () => assert.equal(readMinutes(text), minutes));

  for (const text of ['', '0', '0h', '-5', '1:60', 'h', '2 days', '1e3', '99999999999', '½h'])
    it(`are not: ${JSON.stringify(text)}`, () => assert.equal(readMinutes(text), undefined));

  it('are shown so that they can be read again', () => {
    assert.deepEqual([0, 5, 60, 135].map(minutesText), ['0 min', '5 min', '1 h', '2 h 15 min']);
    for (let minutes = 1; minutes < 3000; minutes++) assert.equal(readMinutes(minutesText(minutes)), minutes);
  });
});
