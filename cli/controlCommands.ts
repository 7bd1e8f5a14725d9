import { type Client, errorCodes, OspainError, type Task } from '../protocol/index.ts';
import { errorText } from './errorText.ts';
import { graphText } from './graphText.ts';
import { type Context, taskRef } from './taskCommands.ts';
import { loadGraph } from './taskGraph.ts';
import { stateText } from './taskText.ts';
import { oneLine, plural, table } from './text.ts';

/** Asks for one change of a task, and says in words what came of it. */
type Control = (client: Client, taskId: string) => Promise<{ task: Task; said: string }>;

export const cancel: Control = async (client, taskId) => {
  const { task } = await client.request('task/cancel', { taskId });
  return { task, said: task.status === 'cancelled' ? 'is cancelled.' : 'was asked to stop.' };
};

export const pause: Control = async (client, taskId) => {
  const { task } = await client.request('task/pause', { taskId });
  const back = `Put it back: ospain2 task resume ${task.number}`;
  return { task, said: task.status === 'running' ? `stops after its step. ${back}` : `is paused. ${back}` };
};

export const resume: Control = async (client, taskId) => {
  const { task } = await client.request('task/resume', { taskId });
  return { task, said: `is back: ${stateText(task)}.` };
};

export const prioritize =
  (priority: number): Control =>
  async (client, taskId) => {
    const { task } = await client.request('task/prioritize', { taskId, priority });
    return { task, said: `has priority ${task.priority}.` };
  };

/** Changes each task in turn. One that cannot be changed does not keep the others from it; the exit code is the first one's. */
export async function control({ link, screen }: Context, refs: readonly string[], change: Control): Promise<number> {
  const { client } = await link.open();
  let exit = 0;
  for (const ref of refs) {
    try {
      const { task, said } = await change(client, taskRef(ref));
      screen.data({ task });
      screen.print(`Task ${task.number} ${said}`);
    } catch (thrown) {
      if (refs.length === 1) throw thrown;
      const error = OspainError.from(thrown);
      screen.warn(screen.json ? JSON.stringify({ error: error.toWire() }) : errorText(error, screen.errorPaint));
      exit ||= errorCodes[error.code].exit;
    }
  }
  return exit;
}

export async function listSteps({ link, screen }: Context, ref: string): Promise<number> {
  const { steps } = await (await link.open()).client.request('task/steps', { taskId: taskRef(ref) });
  for (const step of steps) screen.data({ step });
  const [head = '', ...lines] = table([
    ['step', 'kind', 'what'],
    ...steps.map(({ step, kind, summary }) => [String(step), kind, oneLine(summary)]),
  ]);
  screen.print(steps.length === 0 ? 'No step has ended yet.' : [screen.paint.dim(head), ...lines].join('\n'));
  return 0;
}

export async function showGraph(context: Context, ref: string | undefined, limit: number): Promise<number> {
  const { link, screen } = context;
  const { client } = await link.open();
  const graph = await loadGraph(client, ref === undefined ? null : taskRef(ref), limit);
  for (const task of graph.tasks.values()) screen.data({ task });
  const empty = graph.roots.tasks.length === 0;
  screen.print(empty ? 'No tasks. Begin with: ospain2 task new "…"' : graphText(graph, screen));
  return 0;
}

type QueueMethod = 'queue/show' | 'queue/pause' | 'queue/resume';

export async function queue({ link, screen }: Context, method: QueueMethod): Promise<number> {
  const state = await (await link.open()).client.request(method, {});
  screen.data({ queue: state });
  const counts = Object.entries(state.counts).filter(([, count]) => count > 0);
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  const what = state.paused
    ? 'The queue is paused: no task starts, and what runs goes on to its end.'
    : 'The queue is open: tasks start as soon as they can.';
  screen.print(what);
  screen.print(`${plural(all, 'task')}${all === 0 ? '' : `: ${counts.map(([name, n]) => `${n} ${name}`).join(', ')}`}`);
  return 0;
}
