/**
 * npm run demo: real tasks by a real model on a copy of the sample workspace, without a keyboard and without network.
 * Exit code 0 only if every task ended as it should and every file is exactly as asked.
 */
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diffText } from '../cli/diffText.ts';
import { createPaint } from '../cli/paint.ts';
import { startServer } from '../cli/serverProcess.ts';
import { createSocketCarrier } from '../cli/socketCarrier.ts';
import { type Client, createClient, type Task, type TaskEvent } from '../protocol/index.ts';
import { ensureBuilt } from './build.ts';
import { type DemoTask, demoTasks } from './demo/expectations.ts';
import { distFolder, inRepository } from './paths.ts';

const out = process.stdout;
const paint = createPaint(out.isTTY === true && out.hasColors());
const say = (text = '') => out.write(`${text}\n`);

async function demo(folder: string): Promise<boolean> {
  const workspace = join(folder, 'workspace');
  await cp(inRepository('media/sample'), workspace, { recursive: true });
  const before = await contents(workspace);
  say(paint.bold('OSPAiN2 demo'));
  say(paint.dim('A real server, a real model, real files. Nothing here uses the network.\n'));

  const started = performance.now();
  const server = await startServer({
    program: join(distFolder, 'server.js'),
    workspace,
    env: { ...process.env, OSPAIN2_DATA_DIR: join(folder, 'data'), OSPAIN2_KEY_STORE: 'file' },
  });
  const carrier = createSocketCarrier(server.socket);
  await carrier.subscribed();
  const client = createClient(carrier);
  await introduce(client, performance.now() - started);

  let right = 0;
  for (const [index, task] of demoTasks.entries()) {
    say(`${paint.bold(paint.cyan(`${index + 1}`))} ${paint.bold(task.instruction)}`);
    const problem = await perform(client, workspace, before, task);
    say(problem === null ? `  ${paint.green('✓ as it should be')}\n` : `  ${paint.red(`✗ ${problem}`)}\n`);
    if (problem === null) right += 1;
  }
  await carrier.close();
  await server.close();

  const strays = await unexpected(workspace, before);
  for (const stray of strays) say(paint.red(`✗ ${stray} is not as it should be`));
  say(paint.bold(`${right} of ${demoTasks.length} tasks ended as they should.`));
  return right === demoTasks.length && strays.length === 0;
}

async function introduce(client: Client, ms: number): Promise<void> {
  const { models } = await client.request('model/list', {});
  const model = models.find(({ aliases }) => aliases.includes('default'));
  const status = await client.request('server/status', {});
  say(`server    ready in ${ms.toFixed(0)} ms, process ${status.pid}`);
  say(
    `model     ${model?.name} ${model?.version}, ${((model?.bytes ?? 0) / 1e6).toFixed(1)} MB, in a process of its own`,
  );
  say(`database  encrypted with ${status.cipher}, outside the workspace\n`);
}

/** Runs one task and shows it; what went wrong, or null. */
async function perform(
  client: Client,
  workspace: string,
  before: ReadonlyMap<string, string>,
  { instruction, ends, file }: DemoTask,
): Promise<string | null> {
  const { task, firstTokenMs, wallMs } = await watch(client, instruction);
  say(paint.dim(`    time to first token ${wallMs.toFixed(0)} ms (${firstTokenMs.toFixed(0)} ms of it the model's)`));
  say(`  ${task.result ?? `${task.error?.message} ${paint.dim(`[${task.error?.code}]`)}`}`);
  if (task.status !== ends) return `the task ended as ${task.status}, not as ${ends}`;
  if (file === null) return task.proposal === null ? null : 'it proposes an edit';
  const { proposal } = await client.request('proposal/show', { taskId: task.id });
  say(indented(diffText(proposal, { paint, safe: (text) => text })));
  if ((await contents(workspace)).get(file.path) !== before.get(file.path))
    return `${file.path} changed before the proposal was accepted`;
  await client.request('proposal/accept', { taskId: task.id });
  const after = await readFile(join(workspace, file.path), 'utf8');
  say(`  ${paint.bold('accepted:')} ${file.path}`);
  say(indented(paint.dim(after.trimEnd())));
  return after === file.change(before.get(file.path) ?? '') ? null : `${file.path} is not exactly as asked`;
}

/** Submits a task and prints what happens until it has ended. */
async function watch(client: Client, instruction: string) {
  const submitted = performance.now();
  let wallMs = Number.NaN;
  let firstTokenMs = Number.NaN;
  const { promise, resolve } = Promise.withResolvers<Task>();
  const id = crypto.randomUUID();
  const stops = [
    client.on('task/didEvent', ({ event }) => {
      if (event.taskId !== id) return;
      if (event.type === 'text' && Number.isNaN(wallMs)) wallMs = performance.now() - submitted;
      if (event.type === 'turn' && Number.isNaN(firstTokenMs)) firstTokenMs = event.data.usage.firstTokenMs;
      const line = step(event);
      if (line !== null) say(`    ${line}`);
    }),
    client.on('task/didChange', ({ task }) => {
      if (task.id === id && (task.status === 'done' || task.status === 'failed')) resolve(task);
    }),
  ];
  await client.request('task/submit', { id, instruction });
  const task = await promise;
  for (const stop of stops) stop();
  return { task, firstTokenMs, wallMs };
}

function step(event: TaskEvent): string | null {
  if (event.type === 'model')
    return event.data.state === 'ready' ? `model ready in ${event.data.ms?.toFixed(0)} ms` : null;
  if (event.type === 'call') return paint.dim(`${event.data.summary} …`);
  if (event.type === 'result' && !event.data.ok) return paint.yellow(event.data.text);
  return null;
}

const indented = (text: string): string => text.replace(/^/gm, '    ');

async function contents(workspace: string): Promise<Map<string, string>> {
  const entries = await readdir(workspace, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (path) => {
        const name = path.slice(workspace.length + 1).replaceAll('\\', '/');
        return [name, await readFile(path, 'utf8')] as const;
      }),
    ),
  );
}

/** Files that are not exactly what they were, or what the demo's tasks make of them. */
async function unexpected(workspace: string, before: ReadonlyMap<string, string>): Promise<string[]> {
  const after = await contents(workspace);
  const wanted = new Map(before);
  for (const { file } of demoTasks) if (file) wanted.set(file.path, file.change(wanted.get(file.path) ?? ''));
  return [...new Set([...after.keys(), ...wanted.keys()])].filter((path) => after.get(path) !== wanted.get(path));
}

await ensureBuilt();
const folder = await mkdtemp(join(tmpdir(), 'ospain2-demo-'));
try {
  process.exitCode = (await demo(folder)) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
