import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { QueueState, Step, Task } from '../../protocol/index.ts';
import { serverFolders } from '../contract/app.ts';
import { jsonLines, type Ran, runCli } from './command.ts';

const folders = serverFolders();
const cwd = realpathSync(folders.workspace);
after(() => folders[Symbol.dispose]());

const cli = (...args: string[]): Promise<Ran> => runCli(args, { cwd, env: folders.env });
const tasksOf = ({ out }: Ran) => jsonLines(out).map(({ task }) => Task.parse(task));

const EDIT = 'Change RETRY_MAX to 5 in src/limits.ts';

describe('tasks under control', { timeout: 600_000 }, () => {
  it('start nothing while the queue is paused', async () => {
    assert.match((await cli('queue', 'pause')).out, /^The queue is paused: no task starts/);
    assert.equal((await cli('task', 'new', '-d', EDIT)).code, 0);
    const [task] = tasksOf(await cli('--json', 'task', 'show', '1'));
    assert.deepEqual([task?.status, task?.waits], ['pending', 'the queue is paused']);
    const [line] = jsonLines((await cli('--json', 'queue', 'status')).out);
    const state = QueueState.parse(line?.['queue']);
    assert.deepEqual([state.paused, state.counts['pending']], [true, 1]);
  });

  it('are submitted with all that the queue knows', async () => {
    const args = ['task', 'new', '-d', '--after', '1:hold', '--parent', '#1', '-p', '7', '--not-before', '23:59', EDIT];
    const [task] = tasksOf(await cli('--json', ...args));
    const [parent] = tasksOf(await cli('--json', 'task', 'show', '1'));
    assert.ok(task && parent);
    assert.deepEqual([task.parentId, task.priority, task.status], [parent.id, 7, 'blocked']);
    assert.deepEqual(task.dependsOn, [{ taskId: parent.id, onFailure: 'hold' }]);
    assert.ok(task.notBefore > Date.now());
  });

  it('are drawn as a graph', async () => {
    const { out } = await cli('task', 'graph');
    assert.equal(
      out,
      `○ #1 ${EDIT}  the queue is paused, 0 of 1 part ended\n└─ ◌ #2 ${EDIT}  waits for #1  ← after #1, else held\n`,
    );
    assert.match((await cli('task', 'graph', '#2')).out, /^◌ #2 .*← after #1, else held\n$/);
    assert.deepEqual(
      tasksOf(await cli('--json', 'task', 'graph')).map(({ number }) => number),
      [1, 2],
    );
  });

  it('are paused, resumed and put forward, several at once', async () => {
    const paused = await cli('task', 'pause', '1', '999', '2');
    assert.equal(paused.code, 3);
    assert.match(paused.out, /^Task 1 is paused\. Put it back: ospain2 task resume 1\nTask 2 is paused\./);
    assert.match(paused.err, /^error\[not_found\]/);
    assert.match((await cli('task', 'list', '--status', 'paused')).out, /^‖ 2 +paused/m);
    assert.equal(
      (await cli('task', 'resume', '1', '2')).out,
      'Task 1 is back: the queue is paused.\nTask 2 is back: waits for #1.\n',
    );
    assert.equal((await cli('task', 'prioritize', '--to', '100', '1')).out, 'Task 1 has priority 100.\n');
    assert.equal((await cli('task', 'prioritize', '--to', '1001', '1')).code, 64);
    assert.equal((await cli('task', 'cancel', '2')).out, 'Task 2 is cancelled.\n');
    assert.equal((await cli('task', 'resume', '2')).code, 4);
  });

  it('go on when the queue does, and are asked for again', async () => {
    assert.match((await cli('queue', 'resume')).out, /^The queue is open/);
    assert.equal((await cli('task', 'watch', '1')).code, 0);
    const steps = jsonLines((await cli('--json', 'task', 'steps', '1')).out).map(({ step }) => Step.parse(step));
    assert.deepEqual(
      steps.map(({ step }) => step),
      steps.map((_, index) => index + 1),
    );
    assert.equal(steps.at(-1)?.kind, 'proposal');
    assert.match((await cli('task', 'steps', '1')).out, /^step +kind +what\n1 +turn/);
    const copied = await cli('task', 'duplicate', '1');
    assert.equal(copied.code, 0, copied.err);
    assert.match(copied.out, /^\+export const RETRY_MAX = 5;$/m);
    assert.equal((await cli('task', 'list', '--dead')).out, 'No dead letters.\n');
    assert.equal((await cli('task', 'retry', '2', '-d', '--from-step', '9')).code, 64);
  });
});
