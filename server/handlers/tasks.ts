import { randomUUID } from 'node:crypto';
import type { Handlers } from '../dispatch.ts';
import type { Queue } from '../tasks/queue.ts';
import type { Scheduler } from '../tasks/scheduler.ts';

type TaskHandlers = Pick<
  Handlers,
  'task/submit' | 'task/list' | 'task/show' | 'task/cancel' | 'task/retry' | 'task/events'
>;

export function createTaskHandlers({ queue, scheduler }: { queue: Queue; scheduler: Scheduler }): TaskHandlers {
  return {
    'task/submit': (params) => {
      const task = queue.submit({ ...params, id: params.id ?? randomUUID() });
      scheduler.wake();
      return { task };
    },
    'task/list': (params) => queue.list(params),
    'task/show': ({ taskId }) => ({ task: queue.get(taskId) }),
    'task/cancel': ({ taskId }) => {
      const task = queue.cancel(taskId);
      scheduler.wake();
      return { task };
    },
    'task/retry': ({ taskId }) => {
      const task = queue.retry(taskId);
      scheduler.wake();
      return { task };
    },
    'task/events': ({ taskId, after, limit }) => ({ events: queue.events(taskId, after, limit) }),
  };
}
