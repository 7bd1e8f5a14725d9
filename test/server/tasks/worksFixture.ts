import { randomUUID } from 'node:crypto';
import type { Task } from '../../../protocol/index.ts';
import { createLog } from '../../../server/log.ts';
import type { Kind } from '../../../server/tasks/kind.ts';
import { createScheduler, type Scheduler, type SchedulerDeps } from '../../../server/tasks/scheduler.ts';
import { type FakeTime, fakeTime } from './fakeTime.ts';
import { LEASE, openQueue, type QueueFixture } from './queueFixture.ts';

/** A queue with schedulers that work it, on a clock that the test moves. */
interface Works extends QueueFixture, AsyncDisposable {
  time: FakeTime;
  lines: string[];
  /** Starts a scheduler with one kind, `ask`. */
  start(run: Kind['run'], deps?: Partial<SchedulerDeps>): Scheduler;
  /** Resolves when the task is in this state. */
  reaches(id: string, status: Task['status']): Promise<Task>;
}

export async function openWorks(): Promise<Works> {
  const fixture = await openQueue();
  const time = fakeTime(fixture.clock);
  const lines: string[] = [];
  const schedulers: Scheduler[] = [];
  return {
    ...fixture,
    time,
    lines,
    start(run, deps = {}) {
      const scheduler = createScheduler({
        queue: fixture.queue,
        kinds: [{ name: 'ask', run }],
        worker: `${process.pid}:${randomUUID()}`,
        concurrency: 2,
        leaseMs: LEASE,
        now: () => fixture.clock.now,
        random: () => 1,
        log: createLog(({ message }) => lines.push(message)),
        after: time.after,
        ...deps,
      });
      schedulers.push(scheduler);
      scheduler.start();
      return scheduler;
    },
    async reaches(id, status) {
      const is = (task: Task) => task.id === id && task.status === status;
      const now = fixture.queue.get(id);
      if (is(now)) return now;
      return new Promise((resolve) => {
        const stop = fixture.queue.listen(({ task }) => {
          if (!is(task)) return;
          stop();
          resolve(task);
        });
      });
    },
    async [Symbol.asyncDispose]() {
      for (const scheduler of schedulers) await scheduler.stop({ timeoutMs: 0 });
      fixture[Symbol.dispose]();
    },
  };
}
