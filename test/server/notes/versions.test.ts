import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { surplus } from '../../../server/notes/versions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One version for each time, the newest first, and those of them that stay. */
const staying = (times: number[], now: number, bytes = 100): number[] => {
  const versions = times.map((at, index) => ({ version: times.length - index, at, bytes }));
  const gone = new Set(surplus(versions, now));
  return versions.filter(({ version }) => !gone.has(version)).map(({ at }) => at);
};

describe('kept versions', () => {
  it('are all of the last hour', () => {
    const times = Array.from({ length: 50 }, (_, index) => 100 * HOUR - index * MINUTE);
    assert.deepEqual(staying(times, 100 * HOUR), times);
  });

  it('are one an hour of the last day, and one a day before', () => {
    const now = 1000 * HOUR;
    const times = Array.from({ length: 4 * 24 * 10 }, (_, index) => now - index * 15 * MINUTE);
    const ages = staying(times, now).map((at) => (now - at) / HOUR);
    assert.deepEqual(ages.slice(0, 8), [0, 0.25, 0.5, 0.75, 1.75, 2.75, 3.75, 4.75]);
    assert.ok(ages.length < 45, String(ages.length));
    const days = ages.filter((age) => age >= 24);
    for (const [index, age] of days.entries()) if (index > 0) assert.ok(age - (days[index - 1] ?? 0) >= 24);
  });

  it('are no more than a hundred, and no more than 20 MB', () => {
    const times = Array.from({ length: 500 }, (_, index) => 100 * HOUR - index);
    assert.equal(staying(times, 100 * HOUR).length, 100);
    assert.equal(staying(times, 100 * HOUR, 5 * 1024 * 1024).length, 5);
    assert.deepEqual(staying([0], 100 * HOUR, 50 * 1024 * 1024), [0]);
  });
});
