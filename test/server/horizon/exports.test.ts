import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { toCalendar, toMarkdown } from '../../../server/horizon/exports.ts';
import { openClockedPlan, TODAY } from './planFixture.ts';

describe('exports', { timeout: 60_000 }, () => {
  it('are Markdown that people read', async () => {
    using plan = await openClockedPlan();
    const { id } = plan.add('Ship it', {
      horizon: 'now',
      estimate: 150,
      start: '2026-11-25',
      due: '2026-12-01',
      tags: ['api'],
    });
    plan.change(plan.add('Tell all', { dependsOn: [id] }).id, { done: true });
    assert.equal(
      toMarkdown(plan.items.all()),
      [
        '# Plan\n\n## Now\n\n- [ ] 1. Ship it (2 h 30 min; from 2026-11-25; due 2026-12-01) #api\n',
        `## Next\n\n- [x] 2. Tell all (done ${TODAY}; after 1)\n`,
        '## Later\n\nNothing.\n\n## Someday\n\nNothing.\n',
      ].join('\n'),
    );
  });

  it('are calendars whose days no time zone moves', async () => {
    using plan = await openClockedPlan();
    plan.add('Ship it, then; rest', { due: '2026-03-29', tags: ['api'] });
    plan.add('Long', { start: '2026-10-24', due: '2026-10-26' });
    plan.add('Undated');
    plan.change(plan.add('Done', { due: '2026-10-26' }).id, { done: true });
    const calendar = toCalendar(plan.items.all());
    const lines = calendar.split('\r\n').filter((line) => /^(DTSTART|DTEND|SUMMARY|CATEGORIES)/.test(line));
    assert.deepEqual(lines, [
      ...[
        'DTSTART;VALUE=DATE:20260329',
        'DTEND;VALUE=DATE:20260330',
        'SUMMARY:Ship it\\, then\\; rest',
        'CATEGORIES:api',
      ],
      ...['DTSTART;VALUE=DATE:20261024', 'DTEND;VALUE=DATE:20261027', 'SUMMARY:Long'],
    ]);
    const script = `
      import { toCalendar } from ${JSON.stringify(new URL('../../../server/horizon/exports.ts', import.meta.url).href)};
      process.stdout.write(toCalendar(${JSON.stringify(plan.items.all())}));`;
    for (const zone of ['America/Sao_Paulo', 'Europe/Berlin', 'Pacific/Kiritimati']) {
      const args = ['--input-type=module-typescript', '-e', script];
      const ran = spawnSync(process.execPath, args, { env: { ...process.env, TZ: zone }, encoding: 'utf8' });
      assert.equal(ran.stdout, calendar, ran.stderr);
    }
  });
});
