import type { Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Tasks } from './tasks.ts';

/** What of the task graph hangs together with one task. */
export interface Neighbours {
  /** See `task/graph`. */
  around(ref: string, limit: number): Result<'task/graph'>;
}

export function createNeighbours({ db, tasks }: { db: Db; tasks: Tasks }): Neighbours {
  const parts = db
    .prepare<[parent: number, limit: number], number>(
      'SELECT id FROM tasks INDEXED BY tasks_children WHERE parent_id = ? ORDER BY id LIMIT ?',
    )
    .pluck();
  const awaited = db
    .prepare<[number, number], number>('SELECT depends_on FROM task_dependencies WHERE task_id = ? LIMIT ?')
    .pluck();
  const waiting = db
    .prepare<[number, number], number>('SELECT task_id FROM task_dependencies WHERE depends_on = ? LIMIT ?')
    .pluck();
  return {
    around(ref, limit) {
      const { id, children } = tasks.row(ref);
      // One more than fit, which tells whether there are others.
      const found = new Set([id, ...(children === 0 ? [] : parts.all(id, limit + 1))]);
      // The nearest first: a set goes on over what is added meanwhile.
      for (const number of found) {
        if (found.size > limit) break;
        for (const other of [...awaited.all(number, limit + 1), ...waiting.all(number, limit + 1)]) found.add(other);
      }
      const shown = [...found].slice(0, limit).toSorted((one, other) => one - other);
      return { tasks: shown.map(tasks.read), more: found.size > limit };
    },
  };
}
