import { relative, resolve, sep } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import {
  type AutoAccept,
  type Dependency,
  OspainError,
  type Task,
  type TaskKind,
  type TaskStatus,
} from '../protocol/index.ts';
import { diffText } from './diffText.ts';
import type { Host } from './host.ts';
import type { Link } from './link.ts';
import { parseMoment } from './moments.ts';
import type { Screen } from './screen.ts';
import { taskDetails, taskTable } from './taskText.ts';
import { plural } from './text.ts';
import { watchTask } from './watchTask.ts';

/** What every command is given. Each resolves with its exit code. */
export interface Context {
  host: Host;
  link: Link;
  screen: Screen;
  /** Absolute path. */
  workspace: string;
}

export interface NewOptions {
  kind: TaskKind;
  file?: string;
  model: string;
  auto: AutoAccept;
  detach?: boolean;
  after: Dependency[];
  parent?: string;
  priority: number;
  notBefore?: string;
}

export async function newTask(context: Context, instruction: string, options: NewOptions): Promise<number> {
  const { host, link, workspace } = context;
  const text = instruction === '-' ? await readAll(host.stdin) : instruction;
  const path = options.file === undefined ? undefined : insidePath(workspace, resolve(host.cwd, options.file));
  const { client } = await link.open();
  const { task } = await client.request('task/submit', {
    kind: options.kind,
    instruction: text,
    model: options.model,
    autoAccept: options.auto,
    ...(path === undefined ? {} : { context: { path } }),
    dependsOn: options.after,
    ...(options.parent === undefined ? {} : { parentId: taskRef(options.parent) }),
    priority: options.priority,
    ...(options.notBefore === undefined ? {} : { notBefore: parseMoment(options.notBefore, Date.now()) }),
  });
  return work(context, task, 0, options.detach === true);
}

export interface RetryOptions {
  detach?: boolean;
  fromStep?: number;
}

export async function retryTask(context: Context, ref: string, { detach, fromStep }: RetryOptions): Promise<number> {
  const { client } = await context.link.open();
  const { task: before } = await client.request('task/show', { taskId: taskRef(ref) });
  const from = fromStep === undefined ? {} : { fromStep };
  const { task } = await client.request('task/retry', { taskId: before.id, ...from });
  return work(context, task, before.lastSeq, detach === true);
}

export async function duplicateTask(context: Context, ref: string, { detach }: { detach?: boolean }): Promise<number> {
  const { client } = await context.link.open();
  const { task } = await client.request('task/duplicate', { taskId: taskRef(ref) });
  return work(context, task, 0, detach === true);
}

/** Says what was queued, and stays with it unless told not to. Ctrl+C cancels the task, a second one does not wait. */
export async function work(context: Context, task: Task, after: number, detach: boolean): Promise<number> {
  const { host, link, screen } = context;
  screen.data({ task });
  if (detach) {
    const { attached } = await link.open();
    const later = attached ? '' : ' No server of this workspace is running: it starts with the next one.';
    screen.print(`Task ${task.number} is queued.${later}`);
    return 0;
  }
  screen.note(`Task ${task.number} is queued. Ctrl+C cancels it.`);
  const cancel = async () => {
    const { client } = await link.open();
    // It may have ended in this moment, which is as good.
    await client.request('task/cancel', { taskId: task.id }).catch(() => {});
  };
  return watchTask({
    ...{ link, screen, task, after, onInterrupt: host.onInterrupt },
    interrupted(count) {
      if (count === 1) void cancel();
      return count > 1;
    },
  });
}

export async function watch({ host, link, screen }: Context, ref: string): Promise<number> {
  const { task } = await (await link.open()).client.request('task/show', { taskId: taskRef(ref) });
  return watchTask({
    ...{ link, screen, task, onInterrupt: host.onInterrupt },
    interrupted() {
      screen.live(null);
      screen.note(`Task ${task.number} goes on without you. Cancel it: ospain2 task cancel ${task.number}`);
      return true;
    },
  });
}

export interface ListOptions {
  status?: TaskStatus[];
  limit: number;
  before?: number;
  dead?: boolean;
}

export async function listTasks({ link, screen }: Context, options: ListOptions): Promise<number> {
  const { tasks, total } = await (await link.open()).client.request('task/list', options);
  for (const task of tasks) screen.data({ task });
  const last = tasks.at(-1);
  if (last === undefined) {
    const none = options.dead === true ? 'No dead letters.' : 'No tasks. Begin with: ospain2 task new "…"';
    screen.print(total === 0 ? none : 'No more tasks.');
    return 0;
  }
  screen.print(taskTable(tasks, Date.now(), screen));
  if (tasks.length === options.limit && last.number > 1)
    screen.note(`${plural(total, 'task')} in all. More: ospain2 task list --before ${last.number}`);
  return 0;
}

export async function showTask({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  const { task } = await client.request('task/show', { taskId: taskRef(ref) });
  screen.data({ task });
  screen.print(taskDetails(task, Date.now(), screen));
  if (task.result !== null) screen.print(`\n${screen.safe(task.result)}`);
  if (task.proposal === null) return 0;
  const { proposal } = await client.request('proposal/show', { taskId: task.id });
  screen.data({ proposal });
  screen.print(`\n${diffText(proposal, screen)}`);
  return 0;
}

/** People may write `#3`. */
export const taskRef = (ref: string): string => ref.replace(/^#/, '');

/** A path as the protocol has it: inside the workspace, relative, with `/`. */
export function insidePath(workspace: string, path: string): string {
  const inside = relative(workspace, path);
  if (inside === '' || inside.split(sep)[0] === '..' || resolve(inside) === inside)
    throw new OspainError('path_outside', `${path} is not a file inside the workspace ${workspace}.`, {
      hint: 'Name a file of the workspace, or another workspace with --workspace.',
    });
  return inside.split(sep).join('/');
}
