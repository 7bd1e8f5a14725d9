import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Proposal, ServerStatus, Task, TaskEvent, WireError } from '../../protocol/index.ts';
import { serverFolders } from '../contract/app.ts';
import { jsonLines, type Ran, type RunOptions, runCli } from './command.ts';

const folders = serverFolders();
const cwd = realpathSync(folders.workspace);
after(() => folders[Symbol.dispose]());

const cli = (args: string[], options: Partial<RunOptions> = {}): Promise<Ran> =>
  runCli(args, { cwd, env: folders.env, ...options });
const limits = () => readFileSync(join(cwd, 'src/limits.ts'), 'utf8');
const before = limits();
const edited = before.replace('RETRY_MAX = 3', 'RETRY_MAX = 5');

/** A wrong use or a failure: nothing on standard output, one error on standard error. */
function assertFailed(ran: Ran, exit: number, code: string): void {
  assert.equal(ran.code, exit, ran.err);
  assert.equal(ran.out, '');
  assert.ok(ran.err.startsWith(`error[${code}]: `), ran.err);
}

describe('ospain2', { timeout: 600_000 }, () => {
  it('starts a server where there is none', async () => {
    const { code, out, err } = await cli(['status']);
    assert.equal(code, 0, err);
    assert.match(out, new RegExp(`^workspace +${cwd}$`, 'm'));
    assert.match(out, /^server +process \d+ on Node .*, started for this command only$/m);
    assert.match(out, /^tasks +none$/m);
    const status = ServerStatus.parse(jsonLines((await cli(['status', '--json'])).out)[0]?.['status']);
    assert.equal(status.workspace, cwd);
    assert.throws(() => process.kill(status.pid, 0), 'the server ended with its command');
  });

  it('says how to begin', async () => {
    assert.match((await cli(['task', 'list'])).out, /No tasks\. Begin with: ospain2 task new/);
    const help = await cli(['task', 'new', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.out, /Ctrl\+C cancels the task/);
    assert.match((await cli(['--version'])).out, /^\d+\.\d+\.\d+\n$/);
  });

  it('does a task, prints its edits as a patch and is quiet otherwise', async () => {
    const { code, out, err } = await cli(['task', 'new', 'Change RETRY_MAX to 5 in src/limits.ts']);
    assert.equal(code, 0, err);
    assert.equal(err, '');
    assert.match(out, /^--- a\/src\/limits\.ts\n\+\+\+ b\/src\/limits\.ts\n@@/m);
    assert.match(out, /^-export const RETRY_MAX = 3;\n\+export const RETRY_MAX = 5;$/m);
    assert.equal(limits(), before, 'nothing on disk changes before somebody accepts');
  });

  it('shows and lists it', async () => {
    const shown = await cli(['task', 'show', '#1']);
    assert.match(shown.out, /^✓ Task 1: Change RETRY_MAX to 5 in src\/limits\.ts\n/);
    assert.match(shown.out, /^ +edits +to review$/m);
    assert.match(shown.out, /^\+export const RETRY_MAX = 5;$/m);
    const listed = await cli(['task', 'list']);
    assert.match(listed.out, /^ +# +status +kind +edits +age +instruction\n✓ 1 +done +agent +to review +\d+ s +Change/);
    const rows = jsonLines((await cli(['task', 'list', '--json', '--status', 'done'])).out);
    assert.deepEqual(
      rows.map(({ task }) => Task.parse(task).number),
      [1],
    );
    assert.equal((await cli(['task', 'list', '--json', '--status', 'failed'])).out, '');
  });

  it('accepts and takes back', async () => {
    assert.deepEqual(await cli(['task', 'accept', '1']), { code: 0, out: 'Written: src/limits.ts.\n', err: '' });
    assert.equal(limits(), edited);
    assertFailed(await cli(['task', 'accept', '1']), 4, 'wrong_state');
    assert.equal((await cli(['task', 'undo', '1'])).code, 0);
    assert.equal(limits(), before);
    assertFailed(await cli(['task', 'reject', '1']), 4, 'wrong_state');
  });

  it('tells programs everything, one object a line', async () => {
    const args = ['--json', 'task', 'new', '--accept', '--file', 'limits.ts', 'Change RETRY_MAX to 5 in src/limits.ts'];
    const ran = await cli([...args, '-w', '..'], { cwd: join(cwd, 'src') });
    assert.equal(ran.code, 0, ran.err);
    const lines = jsonLines(ran.out);
    assert.deepEqual([...new Set(lines.flatMap(Object.keys))], ['task', 'event', 'proposal']);
    assert.equal(Task.parse(lines[0]?.['task']).context?.path, 'src/limits.ts');
    const events = lines.filter((line) => 'event' in line).map(({ event }) => TaskEvent.parse(event));
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(Proposal.parse(lines.at(-2)?.['proposal']).status, 'accepted');
    const task = Task.parse(lines.at(-1)?.['task']);
    assert.equal(task.status, 'done');
    assert.equal(limits(), edited);

    const watched = jsonLines((await cli(['task', 'watch', String(task.number), '--json'])).out);
    assert.deepEqual(watched, lines.slice(1), 'watching later tells the same');
  });

  it('queues a task, and does it as soon as somebody watches', async () => {
    const { code, out } = await cli(['task', 'new', '-d', '-'], {
      input: 'Change CACHE_TTL to 900 in src/limits.ts\n',
    });
    assert.equal(code, 0);
    const number = /^Task (\d+) is queued\. No server of this workspace is running/.exec(out)?.[1] ?? '';
    const watched = await cli(['task', 'watch', number]);
    assert.equal(watched.code, 0, watched.err);
    assert.match(watched.out, /^\+export const CACHE_TTL = 900;$/m);
    assert.deepEqual(await cli(['task', 'reject', number]), {
      code: 0,
      out: 'Rejected; nothing was written: src/limits.ts.\n',
      err: '',
    });
  });

  it('fails with 1 when the task does, and tries again', async () => {
    assertFailed(await cli(['task', 'new', 'Write an opera about the sea.']), 1, 'not_taught');
    assertFailed(await cli(['task', 'retry', '4']), 1, 'not_taught');
    assert.match((await cli(['task', 'retry', '4', '--detach'])).out, /^Task 4 is queued\./);
    assertFailed(await cli(['task', 'cancel', '1']), 4, 'wrong_state');
  });

  const misuses: [args: string[], exit: number, code: string][] = [
    [['task', 'show', '999'], 3, 'not_found'],
    [['task', 'accept', '999'], 3, 'not_found'],
    [['task', 'show', '__proto__'], 3, 'not_found'],
    [['task', 'new'], 64, 'invalid_params'],
    [['task', 'new', ' '], 64, 'invalid_params'],
    [['task', 'new', 'x', '--kind', 'opera'], 64, 'invalid_params'],
    [['task', 'list', '--limit', 'many'], 64, 'invalid_params'],
    [['task', 'list', '--limit', '5000'], 64, 'invalid_params'],
    [['task', 'sing'], 64, 'invalid_params'],
    [['--loud', 'status'], 64, 'invalid_params'],
    [['task', 'new', 'x', '--file', '../secret'], 77, 'path_outside'],
    [['status', '-w', 'no/such/folder'], 3, 'not_found'],
  ];
  for (const [args, exit, code] of misuses)
    it(`${args.join(' ')} ends with ${exit}`, async () => assertFailed(await cli(args), exit, code));

  it('tells programs of errors on standard error', async () => {
    const { code, out, err } = await cli(['--json', 'task', 'show', '999']);
    assert.deepEqual([code, out], [3, '']);
    assert.equal(WireError.parse(jsonLines(err)[0]?.['error']).code, 'not_found');
  });

  it('passes on why the server cannot start', async () => {
    const ran = await cli(['status'], { env: { ...folders.env, OSPAIN2_DATA_DIR: join(cwd, 'src/limits.ts') } });
    assert.ok(ran.code !== 0 && ran.out === '');
    assert.match(ran.err, /^error\[(storage|key)_\w+\]: /);
  });

  it('works in a folder whose name is hard', async () => {
    const odd = join(cwd, "it's a — “folder” $HOME");
    mkdirSync(odd);
    assert.equal((await cli(['status', '--json'], { cwd: odd })).code, 0);
  });
});
