import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { Run, Schedule, ServerStatus, Task } from '../../protocol/index.ts';
import { SERVER_PROGRAM, serverFolders } from '../contract/app.ts';
import { jsonLines, type Ran, type RunOptions, runCli } from './command.ts';

/** The program in a workspace of its own. */
function ownWorkspace() {
  const folders = serverFolders();
  after(() => folders[Symbol.dispose]());
  const cwd = realpathSync(folders.workspace);
  const cli = (args: string[], options: Partial<RunOptions> = {}): Promise<Ran> =>
    runCli(args, { cwd, env: folders.env, ...options });
  return { cwd, cli, env: folders.env };
}

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
    assert.deepEqual([template.instruction, template.kind, template.autoAccept], [EDIT, 'agent', false]);
  });

  it('switches them off, on, and removes them', async () => {
    assert.match((await cli(['schedule', 'disable', '#1'])).out, /^Schedule 1 is off\./);
    assert.match((await cli(['schedule', 'list'])).out, /^1 .* off +never/m);
    assert.match((await cli(['schedule', 'enable', '1'])).out, /^Schedule 1 is on\. Next run: \d{4}-/);
    assert.match((await cli(['schedule', 'remove', '1'])).out, /ospain2 schedule runs 1$/m);
    assert.match((await cli(['schedule', 'list'])).out, /^No schedules/);
    assert.equal((await cli(['schedule', 'runs', '1'])).out, 'It was never due.\n');
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

describe('ospain2 serve', { timeout: 600_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();

  it('does what is due, tells what happens, and ends with Ctrl+C', async () => {
    let added: Promise<Ran> | undefined;
    let heard = '';
    const ran = await cli(['--json', 'serve'], {
      onOutput(text, kill) {
        heard += text;
        const at = () => new Date(Date.now() + 15_000).toISOString().replace(/\.\d+/, '');
        if (heard.includes('"status"') && added === undefined) added = cli(['schedule', 'add', '--at', at(), EDIT]);
        if (/"status":"(done|failed)"/.test(heard)) kill('SIGINT');
      },
    });
    assert.equal(ran.code, 0, ran.err);
    assert.match(
      (await added)?.out ?? '',
      /^Schedule 1 is made\. Next run: .*, in \d+ s\.\n$/,
      'it attached to that server',
    );
    const lines = jsonLines(ran.out);
    const status = ServerStatus.parse(lines[0]?.['status']);
    assert.equal(status.workspace, cwd);
    assert.throws(() => process.kill(status.pid, 0), 'the server ended with its command');
    const task = Task.parse(lines.findLast((line) => 'task' in line)?.['task']);
    assert.deepEqual([task.instruction, task.status], [EDIT, 'done']);
    const next = lines.flatMap(({ schedule }) => (schedule === undefined ? [] : Schedule.parse(schedule).nextAt));
    assert.equal(next.at(-1), null);

    const runs = jsonLines((await cli(['--json', 'schedule', 'runs', '1'])).out).map(({ run }) => Run.parse(run));
    assert.deepEqual(
      runs.map(({ outcome, taskId }) => [outcome, taskId]),
      [['submitted', task.id]],
    );
    assert.match((await cli(['schedule', 'runs', '1'])).out, /^due +outcome\n\d{4}-.* ago +submitted +task 1$/m);
    assert.match((await cli(['schedule', 'list'])).out, /^1 +once +never again +\d{4}-.* ago +once +Change/m);
  });

  it('says for people what is next', async () => {
    const ran = await cli(['serve'], {
      onOutput: (text, kill) => {
        if (text.includes('schedule')) kill('SIGINT');
      },
    });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /is served here \(process \d+\)\. Ctrl\+C ends\.\nNo schedule will be due\.\n$/);
  });

  it('takes the place of a server that was there', async () => {
    const args = [SERVER_PROGRAM, '--headless', '--workspace', cwd];
    const other = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(other, 'exit');
    await once(other.stdout, 'data');
    let heard = '';
    const ran = await cli(['--json', 'serve'], {
      onOutput(text, kill) {
        heard += text;
        if (heard.includes('"status"')) other.stdin.end();
        if (heard.split('{"status"').length > 2) kill('SIGINT');
      },
    });
    await exited;
    assert.equal(ran.code, 0, ran.err);
    const pids = jsonLines(ran.out).flatMap(({ status }) => (status ? ServerStatus.parse(status).pid : []));
    assert.equal(pids[0], other.pid);
    assert.equal(pids.length, 2);
    assert.throws(() => process.kill(pids[1] ?? 0, 0), 'its own ended with it');
  });
});
