import { createRequire } from 'node:module';
import { join } from 'node:path';
import { INSTRUCTION, type Store } from './store.ts';

/** What is used of it; it has no types. */
interface BetterQueue {
  push(task: object): { once(event: 'queued', listener: () => void): void };
  pause(): void;
  resume(): void;
  on(event: 'task_finish', listener: () => void): void;
  destroy(done: () => void): void;
}

/**
 * better-queue with better-queue-sqlite, which sets `synchronous = OFF` itself and acknowledges before it writes. It has no
 * calls that claim or end one task: it works them itself. `folder`: where it is installed.
 */
export async function openBetterQueue(file: string, folder: string): Promise<Store> {
  const load = createRequire(join(folder, 'package.json'));
  const Queue = load('better-queue') as new (work: unknown, options: object) => BetterQueue;
  const SqliteStore = load('better-queue-sqlite') as new (options: { path: string }) => object;
  let [left, ended] = [0, () => {}];
  const queue = new Queue((_task: object, done: (failed: null, answer: string) => void) => done(null, 'An answer.'), {
    store: new SqliteStore({ path: file }),
  });
  queue.pause();
  queue.on('task_finish', () => {
    left -= 1;
    if (left > 0) return;
    queue.pause();
    ended();
  });
  const push = () =>
    new Promise<void>((resolve) => {
      queue.push({ instruction: INSTRUCTION, model: 'default', autoAccept: 'none' }).once('queued', resolve);
    });
  return {
    enqueue: push,
    async enqueueAtOnce(callers) {
      await Promise.all(Array.from({ length: callers }, push));
    },
    work: (tasks) =>
      new Promise<void>((resolve) => {
        [left, ended] = [tasks, resolve];
        queue.resume();
      }),
    close: () => queue.destroy(() => {}),
  };
}
