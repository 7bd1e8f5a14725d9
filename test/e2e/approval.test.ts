import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Approval } from '../../protocol/index.ts';
import { jsonLines, runCli } from '../cli/command.ts';
import { linesOf } from '../server/agents/story.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { assertGolden } from '../support/golden.ts';
import { startServer, testEnv, untilStatus } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const ask = '{"tool":"ask_person","question":"Which port is it to be?"}';
const finish = '{"tool":"finish","outcome":"done"}\nThe port is known now.';

describe('what a task asks', { timeout: 300_000 }, () => {
  const workspace = sampleWorkspace();
  const data = tempFolder('data');
  const models = tempFolder('models');
  after(() => {
    for (const folder of [workspace, data, models]) folder[Symbol.dispose]();
  });
  const model = join(models.path, 'asks.gguf');
  writeScriptedModel(model, [{ answers: [ask, finish] }], { contextLength: 4096 });
  const server = () => startServer({ workspace: workspace.path, data: data.path, settings: { models: [model] } });
  // A command without a server starts one, which may work the task too.
  const env = { ...testEnv(data.path), OSPAIN2_MODELS: model };
  const cli = (...args: string[]) => runCli(args, { cwd: workspace.path, env });
  const submit = { kind: 'agent', instruction: 'Write the port down.' } as const;

  it('outlives kill -9, is answered from the command line, and the next server goes on behind it', async () => {
    const first = await server();
    const { task } = await first.client.request('task/submit', submit);
    const parked = await untilStatus(first.client, task.id, 'paused');
    assert.equal(parked.waits, 'waits for your answer: ask: Which port is it to be?');
    await first.kill();
    assert.match((await cli('approval', 'list')).out, /^1 +#1 +waits +.* ask: Which port is it to be\?$/m);
    const shown = await cli('approval', 'show', '1');
    assert.match(
      shown.out,
      /task 1 asks you[\s\S]* {2}Which port is it to be\?\nAnswer: ospain2 approval answer 1 "…"/,
    );
    assert.equal((await cli('approval', 'allow', '1')).code, 64);
    const answered = await cli('approval', 'answer', '1', 'Port 8080');
    assert.match(answered.out, /^Answered\. Task 1 goes on\. No server/);
    assert.equal((await cli('approval', 'answer', '1', 'Port 9090')).code, 4);
    await using next = await server();
    const done = await untilStatus(next.client, task.id, 'done', 'failed');
    assert.equal(done.result, 'The port is known now.');
    const { events } = await next.client.request('task/events', { taskId: task.id });
    assert.deepEqual(
      events.flatMap(({ type, data }) => (type === 'result' ? [data.text] : [])),
      ['Port 8080'],
    );
    assert.equal(events.filter(({ type }) => type === 'turn').length, 2, 'no turn was taken twice');
  });

  it('is said by task watch, and answered in another terminal', async () => {
    await using here = await server();
    const { task } = await here.client.request('task/submit', submit);
    await untilStatus(here.client, task.id, 'paused');
    const told = Promise.withResolvers<void>();
    const watching = runCli(['task', 'watch', String(task.number)], {
      ...{ cwd: workspace.path, env },
      onError: (text) => text.includes('Answer:') && told.resolve(),
    });
    await Promise.race([told.promise, watching]);
    const [line] = jsonLines((await cli('--json', 'approval', 'list')).out);
    const { id } = Approval.parse(line?.['approval']);
    assert.equal((await cli('approval', 'deny', String(id), '--because', 'Not now.')).code, 0);
    const { out, err } = await watching;
    assert.match(err, /asks you[\s\S]*Which port is it to be\?[\s\S]*ospain2 approval answer \d+ "…"/);
    assert.match(out, /The port is known now\./);
    assert.match((await cli('approval', 'list', '--all')).out, /denied/);
  });

  it('a command that kill -9 interrupted is asked about, never run again by itself', async () => {
    const acting = join(models.path, 'acts.gguf');
    const command = JSON.stringify({ tool: 'run_command', command: 'echo started; sleep 60' });
    writeScriptedModel(acting, [{ answers: [command, finish] }], { contextLength: 4096 });
    const settings = { models: [acting], trust: 'trusted' };
    const open = () => startServer({ workspace: workspace.path, data: data.path, settings });
    const first = await open();
    const { model: mine } = await first.client.request('model/show', { model: 'acts' });
    const said = Promise.withResolvers<void>();
    first.client.on('task/didEvent', ({ event }) => event.type === 'begun' && said.resolve());
    const wishes = { kind: 'agent', instruction: 'Start it.', model: mine.name } as const;
    const { task } = await first.client.request('task/submit', { ...wishes, autoAccept: 'allButDestructive' });
    await said.promise;
    await first.kill();
    await using next = await open();
    const parked = await untilStatus(next.client, task.id, 'paused', 'done', 'failed');
    assert.equal(parked.waits, 'waits for your approval: run echo started; sleep 60');
    const { approval } = await next.client.request('approval/show', { approvalId: parked.approval ?? 0 });
    assert.match(approval.reasons.join(' '), /begun before and interrupted/);
    assert.deepEqual(approval.rules, []);
    await next.client.request('approval/answer', { approvalId: approval.id, answer: 'deny' });
    assert.equal((await untilStatus(next.client, task.id, 'done', 'failed')).status, 'done');
  });

  it('trust is what was said at the start, and a server that runs is not told otherwise', async () => {
    const trustOf = async (...args: string[]) => {
      const [line] = jsonLines((await cli('--json', ...args, 'status')).out);
      return (line?.['status'] as { trust: string } | undefined)?.trust;
    };
    assert.deepEqual(
      [await trustOf(), await trustOf('--trust'), await trustOf('--no-trust')],
      ['assumed', 'trusted', 'untrusted'],
    );
    await using _ = await server();
    const refused = await cli('--trust', 'status');
    assert.deepEqual([refused.code, /has the folder as assumed/.test(refused.err)], [4, true]);
    assert.equal((await cli('approval', 'rules')).out, 'No rules: each call that acts is asked about.\n');
    assert.deepEqual([(await cli('approval', 'forget', '7')).code, (await cli('approval', 'show', 'x')).code], [3, 64]);
  });
});

it('a task of a window, answered from the command line, letter for letter', { timeout: 120_000 }, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using models = tempFolder('models');
  const model = join(models.path, 'asks.gguf');
  writeScriptedModel(model, [{ answers: [ask, finish] }], { contextLength: 4096 });
  // As VS Code starts it: over the pipe of a child process. The command line finds it by its socket.
  await using window = await startServer({
    ...{ workspace: workspace.path, data: data.path, settings: { models: [model] } },
  });
  const { task } = await window.client.request('task/submit', { kind: 'agent', instruction: 'Write the port down.' });
  await untilStatus(window.client, task.id, 'paused');
  const { code, err } = await runCli(['approval', 'answer', '1', 'Port 8080'], {
    ...{ cwd: workspace.path, env: testEnv(data.path) },
  });
  assert.equal(code, 0, err);
  await untilStatus(window.client, task.id, 'done', 'failed');
  const { events } = await window.client.request('task/events', { taskId: task.id });
  const file = new URL('agentRuns/a-task-of-a-window-answered-from-the-command-line.txt', import.meta.url);
  assertGolden(`${events.flatMap(linesOf).join('\n')}\n`, file);
});
