import { cp, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Client, errorCodes, OspainError, type Task, type TaskEvent } from '../protocol/index.ts';
import { type DemoTask, demoTasks } from './demoTasks.ts';
import { diffText } from './diffText.ts';
import { textsIn } from './folderTexts.ts';
import { follow } from './follow.ts';
import { createLink, type Link } from './link.ts';
import type { Screen } from './screen.ts';
import type { Context } from './taskCommands.ts';
import { fileSize } from './text.ts';

export interface DemoOptions {
  /** Settings of the server that is started for it, as a nested object. */
  set: Record<string, unknown>;
}

/** One run: its server, and what the files were before. */
interface Stage {
  link: Link;
  screen: Screen;
  workspace: string;
  before: ReadonlyMap<string, string>;
}

/**
 * Real tasks by the embedded model on a copy of the sample workspace, with a server and data of their own. 0 only if every task ended as
 * it should and every file is exactly as asked.
 */
export async function demo({ host, screen }: Context, { set }: DemoOptions): Promise<number> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'ospain2-demo-')));
  const workspace = join(folder, 'workspace');
  const link = createLink({
    program: host.serverProgram,
    workspace,
    // Settings that are given are all there are: models that the environment names are not for this.
    settings: set,
    env: { ...host.env, OSPAIN2_DATA_DIR: join(folder, 'data'), OSPAIN2_KEY_STORE: 'file' },
  });
  const interrupted = Promise.withResolvers<'interrupted'>();
  const uninterrupt = host.onInterrupt(() => interrupted.resolve('interrupted'));
  try {
    await cp(join(dirname(host.serverProgram), '../media/sample'), workspace, { recursive: true });
    const running = run({ link, screen, workspace, before: await textsIn(workspace) });
    running.catch(() => {});
    const right = await Promise.race([running, interrupted.promise]);
    if (right === 'interrupted') return errorCodes.cancelled.exit;
    return right ? 0 : 1;
  } finally {
    uninterrupt();
    screen.live(null);
    await link.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function run(stage: Stage): Promise<boolean> {
  const { link, screen, workspace, before } = stage;
  const { paint } = screen;
  screen.print(paint.bold('OSPAiN2 demo'));
  screen.print(paint.dim('A real server, a real model, real files. Nothing here uses the network.\n'));
  const since = performance.now();
  screen.live({ text: 'starting a server', since, tail: '' });
  const { client } = await link.open();
  await introduce(client, screen, performance.now() - since);

  let right = 0;
  for (const [index, task] of demoTasks.entries()) {
    screen.live({ text: `task ${index + 1} of ${demoTasks.length}`, since, tail: '', part: index / demoTasks.length });
    screen.print(`${paint.bold(paint.cyan(`${index + 1}`))} ${paint.bold(task.instruction)}`);
    const problem = await perform(stage, client, task);
    screen.print(problem === null ? `  ${paint.green('✓ as it should be')}\n` : `  ${paint.red(`✗ ${problem}`)}\n`);
    if (problem === null) right += 1;
  }
  screen.live(null);
  const strays = unexpected(await textsIn(workspace), before);
  for (const stray of strays) screen.print(paint.red(`✗ ${stray} is not as it should be`));
  screen.data({ demo: { right, of: demoTasks.length, strays } });
  screen.print(paint.bold(`${right} of ${demoTasks.length} tasks ended as they should.`));
  return right === demoTasks.length && strays.length === 0;
}

async function introduce(client: Client, screen: Screen, ms: number): Promise<void> {
  const { models } = await client.request('model/list', {});
  const model = models.find(({ aliases }) => aliases.includes('default'));
  const status = await client.request('server/status', {});
  const { name, version, bytes = 0 } = model ?? {};
  screen.print(`server    ready in ${ms.toFixed(0)} ms, process ${status.pid}`);
  screen.print(`model     ${name} ${version}, ${fileSize(bytes)}, in a process of its own`);
  screen.print(`database  encrypted with ${status.cipher}, outside the workspace\n`);
}

/** Runs one task and shows it; what went wrong, or null. */
async function perform(
  { link, screen, workspace, before }: Stage,
  client: Client,
  { instruction, ends, file }: DemoTask,
): Promise<string | null> {
  const { paint } = screen;
  const { task, firstTokenMs, wallMs } = await watch(link, client, screen, instruction);
  screen.data({ task });
  if (Number.isFinite(wallMs))
    screen.print(
      paint.dim(`    time to first token ${wallMs.toFixed(0)} ms (${firstTokenMs.toFixed(0)} ms of it the model's)`),
    );
  screen.print(`  ${task.result ?? `${task.error?.message} ${paint.dim(`[${task.error?.code}]`)}`}`);
  if (task.status !== ends) return `the task ended as ${task.status}, not as ${ends}`;
  if (file === null) return task.proposal === null ? null : 'it proposes an edit';
  const { proposal } = await client.request('proposal/show', { taskId: task.id });
  screen.data({ proposal });
  screen.print(indented(diffText(proposal, screen)));
  if ((await textsIn(workspace)).get(file.path) !== before.get(file.path))
    return `${file.path} changed before the proposal was accepted`;
  await client.request('proposal/accept', { taskId: task.id });
  const after = await readFile(join(workspace, file.path), 'utf8');
  screen.print(`  ${paint.bold('accepted:')} ${file.path}`);
  screen.print(indented(paint.dim(after.trimEnd())));
  return after === file.change(before.get(file.path) ?? '') ? null : `${file.path} is not exactly as asked`;
}

/** Submits a task and prints what happens until it has ended. */
async function watch(link: Link, client: Client, screen: Screen, instruction: string) {
  const submitted = performance.now();
  const { task: queued } = await client.request('task/submit', { instruction });
  const events = follow(link, queued.id);
  let [wallMs, firstTokenMs] = [Number.NaN, Number.NaN];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return { task: assertEnded(next.value), firstTokenMs, wallMs };
    const event = next.value;
    screen.data({ event });
    if (event.type === 'text' && Number.isNaN(wallMs)) wallMs = performance.now() - submitted;
    if (event.type === 'turn' && Number.isNaN(firstTokenMs)) firstTokenMs = event.data.usage.firstTokenMs;
    const line = step(event, screen);
    if (line !== null) screen.print(`    ${line}`);
  }
}

/** Nothing else of the demo makes sense when the worker cannot even start. */
function assertEnded(task: Task): Task {
  const { error } = task;
  if (error?.code === 'worker_failed' || error?.code === 'model_crashed')
    throw new OspainError(error.code, error.message, { hint: error.hint ?? 'ospain2 doctor says more.' });
  return task;
}

function step(event: TaskEvent, { paint }: Screen): string | null {
  if (event.type === 'model')
    return event.data.state === 'ready' ? `model ready in ${event.data.ms?.toFixed(0)} ms` : null;
  if (event.type === 'call') return paint.dim(`${event.data.summary} …`);
  if (event.type === 'result' && !event.data.ok) return paint.yellow(event.data.text);
  return null;
}

const indented = (text: string): string => text.replace(/^/gm, '    ');

/** Files that are not exactly what they were, or what the demo's tasks make of them. */
function unexpected(after: ReadonlyMap<string, string>, before: ReadonlyMap<string, string>): string[] {
  const wanted = new Map(before);
  for (const { file } of demoTasks) if (file) wanted.set(file.path, file.change(wanted.get(file.path) ?? ''));
  return [...new Set([...after.keys(), ...wanted.keys()])].filter((path) => after.get(path) !== wanted.get(path));
}
