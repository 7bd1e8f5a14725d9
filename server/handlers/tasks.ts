import { randomUUID } from 'node:crypto';
import type { Handlers } from '../dispatch.ts';
import type { Queue } from '../tasks/queue.ts';

type TaskMethod = Extract<keyof Handlers, `task/${string}`>;

/** The scheduler listens to the queue, so nobody has to tell it that there is something to do. */
export function createTaskHandlers({ queue }: { queue: Queue }): Pick<Handlers, TaskMethod> {
  return {
    'task/submit': (params) => ({ task: queue.submit({ ...params, id: params.id ?? randomUUID() }) }),
    'task/list': (params) => queue.list(params),
    'task/show': ({ taskId }) => ({ task: queue.get(taskId) }),
    'task/cancel': ({ taskId }) => ({ task: queue.cancel(taskId) }),
    'task/retry': ({ taskId, fromStep }) => ({ task: queue.retry(taskId, fromStep) }),
    'task/pause': ({ taskId }) => ({ task: queue.pause(taskId) }),
    'task/resume': ({ taskId }) => ({ task: queue.resume(taskId) }),
    'task/prioritize': ({ taskId, priority }) => ({ task: queue.prioritize(taskId, priority) }),
    'task/duplicate': ({ taskId }) => ({ task: queue.duplicate(taskId) }),
    'task/steps': ({ taskId }) => ({ steps: queue.steps(taskId) }),
    'task/events': ({ taskId, after, limit }) => ({ events: queue.events(taskId, after, limit) }),
  };
}
