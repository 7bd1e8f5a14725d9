import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { networkWall } from '../../../guard/wall.ts';
import { createProcessRuntime } from '../../../server/inference/runtimes/process/processRuntime.ts';
import { startWorker } from '../../../server/inference/worker.ts';
import { WorkerDeath } from '../../../server/inference/workerDeath.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { gone } from '../../support/server.ts';
import { tempFolder } from '../../support/temp.ts';
import { WORKER_PROGRAM } from './testPool.ts';

const slow = { timeout: 120_000 };
const runtime = createProcessRuntime(WORKER_PROGRAM);
const request = (text: string) => ({
  conversation: 'one',
  system: '',
  turns: [{ role: 'user' as const, text }],
  // Without an end: what a test interrupts must not be over already.
  grammar: { gbnf: 'root ::= [a-z] root' },
  maxTokens: 1500,
  temperature: 0,
  seed: 1,
});

function randomModel(folder: { path: string }) {
  const path = join(folder.path, 'random.gguf');
  writeRandomModel(path);
  return { path, contextSize: 2048, sequences: 1, threads: 1 };
}

/** A process that starts a worker, brings it to some point, prints the worker's id and stays. */
const serverProgram = (point: string, load: object) => `
  import { startWorker } from ${JSON.stringify(new URL('../../../server/inference/worker.ts', import.meta.url).href)};
  import { createProcessRuntime } from ${JSON.stringify(new URL('../../../server/inference/runtimes/process/processRuntime.ts', import.meta.url).href)};
  const worker = startWorker(createProcessRuntime(${JSON.stringify(WORKER_PROGRAM)}));
  const ready = () => console.log(worker.pid);
  const loading = worker.load(${JSON.stringify(load)});
  if (${JSON.stringify(point)} === 'loading') ready();
  await loading;
  if (${JSON.stringify(point)} === 'idle') ready();
  let said = false;
  await worker.generate(${JSON.stringify(request('hi'))}, new AbortController().signal, () => {
    if (!said && ${JSON.stringify(point)} === 'speaking') ready();
    said = true;
  });
`;

for (const point of ['loading', 'idle', 'speaking'])
  test(`a worker that is ${point} ends with a server that was killed`, slow, async () => {
    using folder = tempFolder('worker');
    const program = serverProgram(point, randomModel(folder));
    const server = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    assert.match(line, /^\d+$/);
    server.kill('SIGKILL');
    await once(server, 'exit');
    await gone(Number(line));
  });

test('what is open when a worker ends is told how it ended', slow, async () => {
  using folder = tempFolder('worker');
  const worker = startWorker(runtime);
  await worker.load(randomModel(folder));
  const open = worker.generate(request('hi'), new AbortController().signal, () =>
    process.kill(worker.pid ?? 0, 'SIGKILL'),
  );
  await assert.rejects(
    open,
    (error) => error instanceof WorkerDeath && error.how === 'signal SIGKILL' && !error.isCrash,
  );
  await assert.rejects(worker.load(randomModel(folder)), WorkerDeath);
  await worker.dispose();
});

test('a request that was cancelled before the worker began it never runs', slow, async () => {
  using folder = tempFolder('worker');
  const worker = startWorker(runtime);
  await worker.load(randomModel(folder));
  const cancelled = worker.generate(request('hi'), AbortSignal.abort(), () => assert.fail('it spoke'));
  await assert.rejects(cancelled, { code: 'cancelled' });
  await worker.dispose();
});

test('a request that is cancelled while the worker speaks ends there', slow, async () => {
  using folder = tempFolder('worker');
  const worker = startWorker(runtime);
  await worker.load(randomModel(folder));
  const abort = new AbortController();
  const cancelled = worker.generate(request('hi'), abort.signal, () => abort.abort());
  await assert.rejects(cancelled, { code: 'cancelled' });
  await worker.dispose();
});

test('a worker speaks, completes, calls and embeds at one time, and each hears its own text', slow, async () => {
  using folder = tempFolder('worker');
  const path = join(folder.path, 'scripted.gguf');
  const scripts = ['red', 'blue'].map((color) => ({
    when: `about ${color}`,
    answers: [`All of it is ${color}, says ${color}.`],
  }));
  writeScriptedModel(path, [{ answers: ['Nothing to say.'] }, ...scripts], { fills: true });
  const worker = startWorker(runtime);
  const loaded = await worker.load({ path, contextSize: 2048, sequences: 4, threads: 1 });
  assert.equal(loaded.sequences, 4);
  const never = new AbortController().signal;
  const sampling = { maxTokens: 60, temperature: 0, seed: 1 };
  const say = async (color: string, priority: 'interactive' | 'background') => {
    let heard = '';
    const turns = [{ role: 'user' as const, text: `Tell me about ${color}` }];
    const asked = { ...sampling, conversation: color, system: '', turns, priority };
    const { text } = await worker.generate(asked, never, (chunk) => {
      heard += chunk;
    });
    assert.equal(heard, text);
    return text;
  };
  const gap = { ...sampling, prefix: 'about blue', suffix: '.', priority: 'interactive' as const };
  const [red, blue, filled, { vectors }] = await Promise.all([
    say('red', 'background'),
    say('blue', 'interactive'),
    worker.complete(gap, never, () => {}),
    worker.embed({ texts: ['red', 'blue'] }, never),
  ]);
  assert.deepEqual([red, blue, filled.text], [scripts[0]?.answers[0], scripts[1]?.answers[0], scripts[1]?.answers[0]]);
  assert.equal(vectors.length, 2);
  const tools = [
    { name: 'look', parameters: { type: 'object', properties: { at: { enum: ['red'] } }, required: ['at'] } },
  ];
  const asked = { ...sampling, conversation: 'calls', system: '', turns: [{ role: 'user' as const, text: 'Look.' }] };
  const { calls } = await worker.generate({ ...asked, tools, toolChoice: 'required' }, never, () => {});
  assert.deepEqual(
    calls?.map(({ name, arguments: text }) => [name, text]),
    [['look', '{"at":"red"}']],
  );
  await worker.dispose();
});

test('a worker needs a model, and only one', slow, async () => {
  using folder = tempFolder('worker');
  const worker = startWorker(runtime);
  await assert.rejects(
    worker.generate(request('hi'), new AbortController().signal, () => {}),
    { code: 'wrong_state' },
  );
  await worker.load(randomModel(folder));
  await assert.rejects(worker.load(randomModel(folder)), { code: 'wrong_state' });
  await worker.dispose();
});

test('a worker has no network, native code in it neither', {
  skip: networkWall().length > 0 ? false : 'this system makes no network namespace',
}, async () => {
  using folder = tempFolder('worker');
  const worker = startWorker(runtime);
  await worker.load(randomModel(folder));
  assert.notEqual(readlinkSync(`/proc/${worker.pid}/ns/net`), readlinkSync('/proc/self/ns/net'));
  const routes = readFileSync(`/proc/${worker.pid}/net/route`, 'utf8').trim().split('\n');
  assert.equal(routes.length, 1, 'there is nothing but the head of the table');
  await worker.dispose();
});

test('a worker sees nothing of the environment but what programs need', () => {
  const secrets = { ...process.env, SECRET_TOKEN: 'x', NODE_OPTIONS: '--inspect', OSPAIN2_DATA_DIR: '/x' };
  const echo = join(import.meta.dirname, 'printEnv.ts');
  const running = createProcessRuntime(echo, secrets).start();
  const chunks: Buffer[] = [];
  running.output.on('data', (chunk: Buffer) => chunks.push(chunk));
  return running.exited.then(() => {
    const env = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, string>;
    assert.equal(env['UV_THREADPOOL_SIZE'], '1');
    assert.equal(env['PATH'], process.env['PATH']);
    for (const name of ['SECRET_TOKEN', 'NODE_OPTIONS', 'OSPAIN2_DATA_DIR']) assert.ok(!(name in env), name);
  });
});
