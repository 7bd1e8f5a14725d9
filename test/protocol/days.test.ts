import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { addDays, Day, dayAt, dayNumber, daysBetween, dayText, weekOf } from '../../protocol/index.ts';

/** Zones with changes of the clocks on either hemisphere, at midnight too, and one that left a whole day out. */
const ZONES = ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Apia'];

describe('civil days', () => {
  it('are counted without a gap for four centuries, with their weeks', () => {
    let day = '1900-01-01';
    for (let number = dayNumber(day); day < '2300-01-01'; number += 1, day = addDays(day, 1)) {
      assert.equal(dayText(number), day);
      assert.equal(Day.safeParse(day).success, true);
      const monday = weekOf(day);
      assert.equal(new Date(`${monday}T00:00:00Z`).getUTCDay(), 1);
      assert.ok(daysBetween(monday, day) >= 0 && daysBetween(monday, day) < 7);
    }
    assert.equal(addDays('2024-02-28', 1), '2024-02-29');
    assert.equal(addDays('2026-03-01', -1), '2026-02-28');
    assert.equal(daysBetween('2026-12-31', '2027-01-01'), 1);
    assert.equal(weekOf('1969-12-31'), '1969-12-29');
  });

  for (const wrong of [
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-1-1',
    '26-01-01',
    '2026-01-01T00:00',
    '',
    'today',
  ])
    it(`does not take ${JSON.stringify(wrong)} for one`, () => assert.equal(Day.safeParse(wrong).success, false));

  it('are what a clock shows, wherever it is', () => {
    const moment = Date.UTC(2026, 2, 29, 0, 30);
    assert.equal(dayAt(moment, 'Europe/Berlin'), '2026-03-29');
    assert.equal(dayAt(moment, 'America/Sao_Paulo'), '2026-03-28');
    assert.equal(dayAt(Date.UTC(2026, 10, 23, 11), 'Pacific/Kiritimati'), '2026-11-24');
    assert.equal(dayAt(Date.UTC(2026, 10, 23, 11), 'Pacific/Apia'), '2026-11-24');
  });

  it('do not move with the time zone of the process', () => {
    const script = `
      import { addDays, dayAt, weekOf, daysBetween } from ${JSON.stringify(new URL('../../protocol/days.ts', import.meta.url).href)};
      const days = Array.from({ length: 800 }, (_, n) => addDays('2025-01-01', n));
      console.log(JSON.stringify([days, days.map(weekOf), days.map((day) => daysBetween('2025-10-26', day)),
        dayAt(Date.UTC(2026, 9, 25, 0, 30), 'Europe/Berlin')]));`;
    const said = ZONES.map((zone) => {
      const args = ['--input-type=module-typescript', '-e', script];
      const ran = spawnSync(process.execPath, args, { env: { ...process.env, TZ: zone }, encoding: 'utf8' });
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout;
    });
    assert.equal(new Set(said).size, 1);
  });
});
