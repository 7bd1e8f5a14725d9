import type { ServerContext } from '@modelcontextprotocol/server';
import type { Task } from '../../../protocol/index.ts';
import { askCore } from '../api/route.ts';
import type { Served } from '../served.ts';
import { hasEnded } from './taskView.ts';

/** Milliseconds between two signs of life, so that a client that waits does not give up. */
const SIGN_OF_LIFE = 5000;

export interface Watching {
  served: Served;
  ref: string;
  context: ServerContext;
  /** Milliseconds to wait at most. */
  ms: number;
}

/**
 * Resolves with a task as it is when it has ended, or when the time is up. Meanwhile the caller hears of its progress, if it
 * asked to. Rejects when the caller gives up.
 */
export async function waitForEnd({ served, ref, context, ms }: Watching): Promise<Task> {
  const { signal } = context.mcpReq;
  const core = askCore(served, signal);
  const report = createReport(context);
  const { promise, resolve, reject } = Promise.withResolvers<Task>();
  let id: string | null = null;
  let newest: Task | null = null;
  const see = (task: Task) => {
    newest = task;
    report(task);
    if (hasEnded(task)) resolve(task);
  };
  const stop = served.onNotification(({ method, params }) => {
    if (method === 'task/didChange' && params.task.id === id) see(params.task);
  });
  const timer = setTimeout(() => newest !== null && resolve(newest), ms);
  const giveUp = () => reject(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    ({ id } = (await core('task/show', { taskId: ref })).task);
    // Once more, now that its changes are heard.
    see((await core('task/show', { taskId: ref })).task);
    if (signal.aborted) giveUp();
    return await promise;
  } finally {
    stop();
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

/** Tells what a task does when that is something new, and now and then that it still does. */
function createReport({ mcpReq }: ServerContext): (task: Task) => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => {};
  let last = '';
  let progress = -1;
  let toldAt = 0;
  return (task) => {
    const message = task.progress ?? task.waits ?? task.status;
    // The protocol wants a number that grows; events are the one that a task has.
    if (task.lastSeq <= progress || (message === last && performance.now() - toldAt < SIGN_OF_LIFE)) return;
    [last, progress, toldAt] = [message, task.lastSeq, performance.now()];
    const params = { progressToken, progress, message: `Task ${task.number}: ${message}` };
    // A client that just went away is noticed by its carrier.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {});
  };
}
