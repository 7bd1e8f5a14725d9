import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { type Client, createClient, OspainError, type Task, type TaskEvent } from '../../protocol/index.ts';

const SERVER = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

export interface TestServer extends AsyncDisposable {
  client: Client;
  child: ChildProcess;
  /** SIGKILL, and wait until the process is gone. */
  kill(): Promise<void>;
  /** The polite end: standard input closes. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  workspace: string;
  /** Root of the data folders; the test's own. */
  data: string;
  settings?: Record<string, unknown>;
  env?: NodeJS.ProcessEnv;
  /** Put before the command, such as `['unshare', '-n']`. */
  wrap?: readonly string[];
}

/** The environment of a server that touches nothing of the person's. */
export const testEnv = (data: string): NodeJS.ProcessEnv => ({
  ...process.env,
  OSPAIN2_DATA_DIR: data,
  OSPAIN2_KEY_STORE: 'file',
  // Nor a container engine of the machine.
  DOCKER_HOST: `unix://${data}/no-engine.sock`,
});

/** Starts the built server program on a workspace and connects to its socket; rejects with the server's own error. */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  const settings = JSON.stringify({ threads: 1, retryMs: 10, ...options.settings });
  const [command = process.execPath, ...args] = [
    ...(options.wrap ?? []),
    process.execPath,
    SERVER,
    '--headless',
    '--workspace',
    options.workspace,
    '--settings',
    settings,
  ];
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...testEnv(options.data), ...options.env },
  });
  const exited = once(child, 'exit');
  const ready = await firstLine(child);
  if (ready.error !== undefined) {
    await exited;
    throw OspainError.fromWire(ready.error as never);
  }
  const carrier = createSocketCarrier(String(ready.socket));
  await carrier.subscribed();
  const client = createClient(carrier);
  const end = async (how: () => void) => {
    await client.close();
    how();
    await exited;
  };
  const stop = () => end(() => child.stdin?.end());
  return {
    client,
    child,
    kill: () => end(() => child.kill('SIGKILL')),
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
  };
}

async function firstLine(child: ChildProcess): Promise<Record<string, unknown>> {
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Record<string, unknown>;
  throw new Error(`the server ended before it was ready (${child.exitCode ?? child.signalCode})`);
}

/** Resolves with the task when it has ended. */
export const ended = (client: Client, taskId: string): Promise<Task> =>
  untilStatus(client, taskId, 'done', 'failed', 'cancelled');

/** Resolves with the task when it is in one of these states. */
export async function untilStatus(
  client: Client,
  taskId: string,
  ...statuses: readonly Task['status'][]
): Promise<Task> {
  const isThere = (task: Task) => statuses.includes(task.status);
  const { promise, resolve } = Promise.withResolvers<Task>();
  const stop = client.on('task/didChange', ({ task }) => {
    if (task.id === taskId && isThere(task)) resolve(task);
  });
  const { task } = await client.request('task/show', { taskId });
  if (isThere(task)) resolve(task);
  try {
    return await promise;
  } finally {
    stop();
  }
}

/** Resolves with the first event of this type that a task shows. */
export async function firstEvent(client: Client, taskId: string, type: TaskEvent['type']): Promise<TaskEvent> {
  const { promise, resolve } = Promise.withResolvers<TaskEvent>();
  const stop = client.on('task/didEvent', ({ event }) => {
    if (event.taskId === taskId && event.type === type) resolve(event);
  });
  const { events } = await client.request('task/events', { taskId });
  const seen = events.find((event) => event.type === type);
  if (seen) resolve(seen);
  try {
    return await promise;
  } finally {
    stop();
  }
}

/** Resolves when a process is gone; a zombie that nobody waits for counts as gone. */
export async function gone(pid: number): Promise<void> {
  while (exists(pid)) await setImmediate();
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
