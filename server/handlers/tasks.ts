import type { Task } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import type { Queue } from '../tasks/queue.ts';

type TaskMethod = Extract<keyof Handlers, `task/${string}`>;

/** The scheduler listens to the queue, so nobody has to tell it that there is something to do. */
export function createTaskHandlers({ queue }: { queue: Queue }): Pick<Handlers, TaskMethod> {
  /** Requests that come at one moment share a transaction. */
  const changed = async (change: () => Task) => ({ task: await queue.together(change) });
  return {
    'task/submit': (params) => changed(() => queue.submit(params)),
    'task/list': (params) => queue.list(params),
    'task/search': (params) => queue.search(params),
    'task/show': ({ taskId }) => ({ task: queue.get(taskId) }),
    'task/graph': ({ taskId, limit }) => queue.around(taskId, limit),
    'task/cancel': ({ taskId }) => changed(() => queue.cancel(taskId)),
    'task/retry': ({ taskId, fromStep }) => changed(() => queue.retry(taskId, fromStep)),
    'task/pause': ({ taskId }) => changed(() => queue.pause(taskId)),
    'task/resume': ({ taskId }) => changed(() => queue.resume(taskId)),
    'task/prioritize': ({ taskId, priority }) => changed(() => queue.prioritize(taskId, priority)),
    'task/duplicate': ({ taskId }) => changed(() => queue.duplicate(taskId)),
    'task/steps': ({ taskId }) => ({ steps: queue.steps(taskId) }),
    'task/events': ({ taskId, after, limit }) => ({ events: queue.events(taskId, after, limit) }),
  };
}
