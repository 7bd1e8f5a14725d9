import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Run, Schedule, ServerStatus, Task } from '../../protocol/index.ts';
import { SERVER_PROGRAM } from '../contract/app.ts';
import { jsonLines, ownWorkspace, type Ran, type RunOptions } from './command.ts';

/** Sends one Ctrl+C when everything said so far is enough: a second one would not wait for the end. */
function interruptWhen(enough: (heard: string) => boolean): NonNullable<RunOptions['onOutput']> {
  let heard = '';
  let interrupted = false;
  return (text, kill) => {
    heard += text;
    if (interrupted || !enough(heard)) return;
    interrupted = true;
    kill('SIGINT');
  };
}

const EDIT = 'Change RETRY_MAX to 5 in src/limits.ts';

describe('ospain2 serve', { timeout: 600_000 }, () => {
  const { cwd, cli, env } = ownWorkspace();

  it('does what is due, tells what happens, and ends with Ctrl+C', async () => {
    let added: Promise<Ran> | undefined;
    const ran = await cli(['--json', 'serve', '--no-api'], {
      onOutput: interruptWhen((heard) => {
        const at = () => new Date(Date.now() + 15_000).toISOString().replace(/\.\d+/, '');
        if (heard.includes('"status"')) added ??= cli(['schedule', 'add', '--at', at(), EDIT]);
        return /"status":"(done|failed)"/.test(heard);
      }),
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
    const ran = await cli(['serve', '--no-api'], { onOutput: interruptWhen((heard) => heard.includes('schedule')) });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /is served here \(process \d+\)\. Ctrl\+C ends\.\nNo schedule will be due\.\n$/);
  });

  it('takes the place of a server that was there', async () => {
    const args = [SERVER_PROGRAM, '--headless', '--workspace', cwd];
    const other = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(other, 'exit');
    await once(other.stdout, 'data');
    const ran = await cli(['--json', 'serve', '--no-api'], {
      onOutput: interruptWhen((heard) => {
        if (heard.includes('"status"')) other.stdin.end();
        return heard.split('{"status"').length > 2;
      }),
    });
    await exited;
    assert.equal(ran.code, 0, ran.err);
    const pids = jsonLines(ran.out).flatMap(({ status }) => (status ? ServerStatus.parse(status).pid : []));
    assert.equal(pids[0], other.pid);
    assert.equal(pids.length, 2);
    assert.throws(() => process.kill(pids[1] ?? 0, 0), 'its own ended with it');
  });
});
