import type { Client, Task } from '../protocol/index.ts';

/** The tasks of one level, oldest first. */
export interface Level {
  readonly tasks: readonly Task[];
  /** How many older ones there are that were not asked for. */
  readonly hidden: number;
}

/** A part of the task graph: some tasks, the parts of each, and what they wait for. */
export interface TaskGraph {
  readonly roots: Level;
  /** By the id of the task that they are parts of. */
  readonly parts: ReadonlyMap<string, Level>;
  /** All that are known, those that only others wait for too, by id. */
  readonly tasks: ReadonlyMap<string, Task>;
}

/** The most that one request answers. */
const PAGE = 1000;

/** The newest tasks that are part of none, or the one that is named, with their parts: at most `limit` in all, level by level. */
export async function loadGraph(client: Client, taskId: string | null, limit: number): Promise<TaskGraph> {
  const tasks = new Map<string, Task>();
  const parts = new Map<string, Level>();
  const level = async (parentId: string | null, total: number): Promise<Level> => {
    const found: Task[] = [];
    let all = total;
    for (let full = true; full && tasks.size < limit; ) {
      const before = found.at(-1)?.number;
      const size = Math.min(PAGE, limit - tasks.size);
      const page = await client.request('task/list', { parentId, limit: size, ...(before ? { before } : {}) });
      for (const task of page.tasks) tasks.set(task.id, task);
      found.push(...page.tasks);
      all = page.total;
      full = page.tasks.length === size;
    }
    return { tasks: found.reverse(), hidden: Math.max(0, all - found.length) };
  };
  const only = async (id: string): Promise<Level> => {
    const { task } = await client.request('task/show', { taskId: id });
    tasks.set(task.id, task);
    return { tasks: [task], hidden: 0 };
  };

  const roots = taskId === null ? await level(null, 0) : await only(taskId);
  const parents = [...roots.tasks];
  for (const { id, children } of parents) {
    if (children.total === 0) continue;
    const below = await level(id, children.total);
    parts.set(id, below);
    parents.push(...below.tasks);
  }
  const awaited = new Set(parents.flatMap(({ dependsOn }) => dependsOn.map((edge) => edge.taskId)));
  for (const id of [...awaited].filter((one) => !tasks.has(one)).slice(0, limit)) {
    const { task } = await client.request('task/show', { taskId: id });
    tasks.set(id, task);
  }
  return { roots, parts, tasks };
}
