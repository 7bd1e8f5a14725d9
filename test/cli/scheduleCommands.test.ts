import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Schedule, Task } from '../../protocol/index.ts';
import { jsonLines, ownWorkspace } from './command.ts';

const EDIT = 'Change RETRY_MAX to 5 in src/limits.ts';

describe('ospain2 schedule', { timeout: 600_000 }, () => {
  const { cli } = ownWorkspace();

  it('makes and lists schedules', async () => {
    assert.match((await cli(['schedule', 'list'])).out, /^No schedules\. Make one with: ospain2 schedule add/);
    const args = ['schedule', 'add', '--cron', '0 2 * * *', '--time-zone', 'Europe/Berlin', '--on-mains', EDIT];
    const made = await cli(args);
    assert.equal(made.code, 0, made.err);
    assert.match(
      made.out,
      /^Schedule 1 is made\. Next run: \d{4}-\d\d-\d\d \d\d:\d\d, in \d+ (h|min|s)\. It needs a server/,
    );
    const listed = await cli(['schedule', 'list']);
    assert.match(listed.out, /^# +when +next run +last run +missed +instruction\n/);
    assert.match(
      listed.out,
      /^1 +0 2 \* \* \* \(Europe\/Berlin\), on mains +\d{4}-.*, in \d+ \w+ +never +once +Change RETRY_MAX/m,
    );
    const { schedule } = jsonLines((await cli(['--json', 'schedule', 'list'])).out)[0] ?? {};
    const { when, conditions, template } = Schedule.parse(schedule);
    assert.deepEqual([when, conditions], [{ cron: '0 2 * * *', timeZone: 'Europe/Berlin' }, ['mains']]);
    assert.deepEqual([template.instruction, template.kind, template.autoAccept], [EDIT, 'agent', 'none']);
  });

  it('runs one now', async () => {
    assert.equal((await cli(['schedule', 'runs', '1'])).out, 'It was never due.\n');
    const [made] = jsonLines((await cli(['--json', 'schedule', 'run', '#1', '--detach'])).out);
    const { instruction, number } = Task.parse(made?.['task']);
    assert.equal(instruction, EDIT);
    assert.match((await cli(['schedule', 'runs', '1'])).out, new RegExp(`submitted +task ${number}$`, 'm'));
    assert.match((await cli(['schedule', 'run', '7', '-d'])).err, /^error\[not_found\]: There is no schedule "7"\./);
  });

  it('switches them off, on, and removes them', async () => {
    assert.match((await cli(['schedule', 'disable', '#1'])).out, /^Schedule 1 is off\./);
    assert.match((await cli(['schedule', 'list'])).out, /^1 .* off +\S/m);
    assert.match((await cli(['schedule', 'enable', '1'])).out, /^Schedule 1 is on\. Next run: \d{4}-/);
    assert.match((await cli(['schedule', 'remove', '1'])).out, /ospain2 schedule runs 1$/m);
    assert.match((await cli(['schedule', 'list'])).out, /^No schedules/);
    assert.match((await cli(['schedule', 'runs', '1'])).out, /submitted +task 1$/m);
  });

  const misuses: [args: string[], exit: number, reason: RegExp][] = [
    [['add', EDIT], 64, /either --cron or --at/],
    [['add', '--cron', '0 2 * * *', '--at', '02:00', EDIT], 64, /either --cron or --at/],
    [['add', '--cron', '61 * * * *', EDIT], 64, /Invalid value for minute: 61/],
    [['add', '--cron', '0 2 * * *', '--time-zone', 'Mars', EDIT], 64, /no time zone "Mars"/],
    [['add', '--at', '2001-01-01 00:00', EDIT], 64, /has passed already/],
    [['add', '--at', 'tonight', EDIT], 64, /is not a time/],
    [['enable', '7'], 3, /no schedule "7"/],
    [['runs', '7'], 3, /no schedule "7"/],
  ];
  for (const [args, exit, reason] of misuses)
    it(`${args.join(' ')} ends with ${exit}`, async () => {
      const ran = await cli(['schedule', ...args]);
      assert.deepEqual([ran.code, ran.out], [exit, '']);
      assert.match(ran.err, reason);
    });
});
