import type { Task } from '../protocol/tasks.ts';

/** The part of the tasks that a client knows: newest first, without doubles. */
export interface TaskList {
  readonly tasks: readonly Task[];
  get(id: string): Task | undefined;
  /** Takes a snapshot in; false when a newer one of the task is known already. */
  put(task: Task): boolean;
  /** Takes one page in, as asked with `before`; a first page forgets everything that it does not hold. */
  page(tasks: readonly Task[], before: number | undefined): void;
}

export function createTaskList(): TaskList {
  const byId = new Map<string, Task>();
  let sorted: readonly Task[] | undefined;
  const put = (task: Task): boolean => {
    const known = byId.get(task.id);
    if (known !== undefined && isOlder(task, known)) return false;
    byId.set(task.id, task);
    sorted = undefined;
    return true;
  };
  return {
    get tasks() {
      sorted ??= [...byId.values()].sort((a, b) => b.number - a.number);
      return sorted;
    },
    get: (id) => byId.get(id),
    put,
    page(tasks, before) {
      const kept = new Set(tasks.map(({ id }) => id));
      const newest = tasks[0]?.number ?? 0;
      // A task submitted while the page was on its way is newer than all of it.
      if (before === undefined)
        for (const { id, number } of byId.values()) if (!kept.has(id) && number <= newest) byId.delete(id);
      sorted = undefined;
      for (const task of tasks) put(task);
    },
  };
}

/** Snapshots may overtake each other: of one task, the one with fewer events is older, then the one written earlier. */
const isOlder = (task: Task, known: Task): boolean =>
  task.lastSeq === known.lastSeq ? task.updatedAt < known.updatedAt : task.lastSeq < known.lastSeq;

const ENDED: readonly Task['status'][] = ['done', 'failed', 'cancelled'];
export const isEnded = ({ status }: Task): boolean => ENDED.includes(status);
export const waitsForReview = ({ status, proposal }: Task): boolean => status === 'done' && proposal === 'open';
/** What `task/retry` takes: an ended task that did not succeed. */
export const canRetry = ({ status }: Task): boolean => status === 'failed' || status === 'cancelled';
