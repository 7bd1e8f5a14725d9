import type { Handlers } from '../dispatch.ts';
import type { Queue } from '../tasks/queue.ts';

type QueueHandlers = Pick<Handlers, 'queue/show' | 'queue/pause' | 'queue/resume'>;

export function createQueueHandlers({ queue }: { queue: Queue }): QueueHandlers {
  return {
    'queue/show': () => queue.state(),
    'queue/pause': () => queue.setPaused(true),
    'queue/resume': () => queue.setPaused(false),
  };
}
