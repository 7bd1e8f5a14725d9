import assert from 'node:assert/strict';
import { test } from 'node:test';
import { When } from '../../protocol/schedules.ts';
import { readTime, whenOffers } from '../../protocol/scheduleTimes.ts';

const noon = new Date(2027, 0, 15, 12, 0).getTime();
const local = (day: number, hour: number, minute: number) => new Date(2027, 0, day, hour, minute).getTime();

test('tonight is the next 02:00', () => {
  const tonight = (now: number) => whenOffers(now).find(({ label }) => label === 'Tonight')?.when;
  assert.deepEqual(tonight(noon), { at: local(16, 2, 0) });
  assert.deepEqual(tonight(local(15, 1, 0)), { at: local(15, 2, 0) });
  assert.deepEqual(tonight(local(15, 2, 0)), { at: local(16, 2, 0) });
});

test('every offer is a time that the server takes, or asks for one', () => {
  for (const { label, when } of whenOffers(noon)) if (typeof when === 'object') assert.ok(When.parse(when), label);
});

test('times are read as people write them', () => {
  assert.equal(readTime('12:01', noon), local(15, 12, 1));
  assert.equal(readTime(' 9:30 ', noon), local(16, 9, 30));
  assert.equal(readTime('2027-01-31 02:00', noon), local(31, 2, 0));
  assert.equal(readTime('2027-02-28T02:00Z', noon), Date.UTC(2027, 1, 28, 2, 0));
});

test('anything else is none, and so is the past', () => {
  for (const text of ['', 'tonight', '24:00', '9:60', '2027-13-01 02:00', '2027-01-15 11:59', '2027-01-31'])
    assert.equal(readTime(text, noon), undefined, text);
});
