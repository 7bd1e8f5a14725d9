import type { Task } from './tasks.ts';

/** The tasks of one level of the tree: the parts of a task, or, for null, the tasks that are part of none. */
export type ParentId = string | null;

/**
 * The part of the tasks that a client knows, without doubles. What it lists it knows without gaps; of others it keeps the
 * last ones that it heard of, so that it stays small however many there are.
 */
export interface TaskList {
  /** All that are known, newest first. */
  readonly tasks: readonly Task[];
  get(id: string): Task | undefined;
  /** Takes a snapshot in; false when a newer one of the task is known already. */
  put(task: Task): boolean;
  /** What is listed of a level, newest first: nothing before its first page. */
  level(parentId: ParentId): readonly Task[];
  /** The number that the next page ends before; undefined when a level is listed to its end, or not at all. */
  next(parentId: ParentId): number | undefined;
  /**
   * Takes one page of a level in, as asked with `before`; `full` when there may be another. A first page forgets everything
   * of its level that it does not hold, and the one of the first level makes all others be asked for again.
   */
  page(parentId: ParentId, tasks: readonly Task[], before: number | undefined, full: boolean): void;
  clear(): void;
}

interface Level {
  /** Listed are the tasks from this number up. */
  floor: number;
  /** How many the pages brought, and how many came on their own since. */
  paged: number;
  fresh: number;
}

/** New tasks that a level takes before its oldest rows give way to them. */
const FRESH = 200;
/** Tasks that are known without being listed. */
const UNLISTED = 500;

export function createTaskList(): TaskList {
  const byId = new Map<string, Task>();
  const levels = new Map<ParentId, Level>();
  const unlisted = new Set<string>();
  let sorted: readonly Task[] | undefined;

  const tasks = () => {
    sorted ??= [...byId.values()].sort((a, b) => b.number - a.number);
    return sorted;
  };
  const level = (parentId: ParentId): readonly Task[] => {
    const floor = levels.get(parentId)?.floor ?? Number.POSITIVE_INFINITY;
    return tasks().filter((task) => task.parentId === parentId && task.number >= floor);
  };
  const forget = (id: string) => {
    byId.delete(id);
    unlisted.delete(id);
    sorted = undefined;
  };
  const keep = (task: Task): boolean => {
    const known = byId.get(task.id);
    if (known !== undefined && isOlder(task, known)) return false;
    byId.set(task.id, task);
    sorted = undefined;
    return true;
  };
  const keepUnlisted = (id: string) => {
    // Last heard of, last to go.
    unlisted.delete(id);
    unlisted.add(id);
    const [first] = unlisted;
    if (unlisted.size > UNLISTED && first !== undefined) forget(first);
  };
  const trim = (parentId: ParentId, state: Level) => {
    const rows = level(parentId);
    state.fresh = 0;
    state.floor = rows[state.paged - 1]?.number ?? state.floor;
    for (const { id } of rows.slice(state.paged)) forget(id);
  };

  return {
    get tasks() {
      return tasks();
    },
    get: (id) => byId.get(id),
    put(task) {
      const isNew = !byId.has(task.id);
      if (!keep(task)) return false;
      const state = levels.get(task.parentId);
      if (state === undefined || task.number < state.floor) keepUnlisted(task.id);
      else if (isNew) {
        state.fresh += 1;
        if (state.fresh > FRESH) trim(task.parentId, state);
      }
      return true;
    },
    level,
    next: (parentId) => levels.get(parentId)?.floor || undefined,
    page(parentId, page, before, full) {
      const kept = new Set(page.map(({ id }) => id));
      const newest = page[0]?.number ?? 0;
      // A task submitted while the page was on its way is newer than all of it.
      if (before === undefined) {
        if (parentId === null) levels.clear();
        for (const task of tasks())
          if (task.parentId === parentId && !kept.has(task.id) && task.number <= newest) forget(task.id);
      }
      for (const task of page) {
        keep(task);
        unlisted.delete(task.id);
      }
      const floor = full ? (page.at(-1)?.number ?? 0) : 0;
      const state = { floor, paged: 0, fresh: 0 };
      levels.set(parentId, state);
      state.paged = level(parentId).length;
    },
    clear() {
      byId.clear();
      levels.clear();
      unlisted.clear();
      sorted = undefined;
    },
  };
}

/** Snapshots may overtake each other: of one task, the one with fewer events is older, then the one written earlier. */
const isOlder = (task: Task, known: Task): boolean =>
  task.lastSeq === known.lastSeq ? task.updatedAt < known.updatedAt : task.lastSeq < known.lastSeq;

const ENDED: readonly Task['status'][] = ['done', 'failed', 'cancelled'];
export const isEnded = ({ status }: Pick<Task, 'status'>): boolean => ENDED.includes(status);
export const waitsForReview = ({ status, proposal }: Task): boolean => status === 'done' && proposal === 'open';
/** What `task/retry` takes: an ended task that did not succeed. */
export const canRetry = ({ status }: Task): boolean => status === 'failed' || status === 'cancelled';
/** What `task/pause` takes, but for tasks that wait for a person already. */
export const canPause = (task: Task): boolean => !isEnded(task) && task.status !== 'paused';
/** What `task/resume` takes, but for running tasks that were asked to pause: nothing tells them apart. */
export const canResume = ({ status }: Task): boolean => status === 'paused';

/** Its plan waits to be started: parts that it has are tasks that were made of it. */
export const hasOpenPlan = ({ kind, status, children }: Task): boolean =>
  kind === 'plan' && status === 'done' && children.total === 0;
