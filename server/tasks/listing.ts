import type { ParsedParams, Result, Task, TaskStatus } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Lanes } from './lanes.ts';
import { SELECT_TASK, stageOf, type TaskRow } from './taskRow.ts';
import type { Tasks } from './tasks.ts';

type Params = ParsedParams<'task/list'>;

/** Pages of tasks, newest first, and how many there are. */
export interface Listing {
  /**
   * A page costs what is on it, whatever the number of tasks: each filter walks an index that is in the order of the page.
   * `total` is kept by triggers for all tasks, by state, for tasks that are part of none, and for the parts of one; only
   * the last one together with states is counted, and dead letters are, which are few.
   */
  list(params: Params): Result<'task/list'>;
  counts(): Record<TaskStatus, number>;
}

interface Group {
  part: number;
  status: TaskStatus;
  n: number;
}

interface Wanted {
  status: string | null;
  parent: number | null;
  before: number;
  limit: number;
}

export function createListing({ db, tasks, lanes }: { db: Db; tasks: Tasks; lanes: Lanes }): Listing {
  // Bindings that a statement does not name are ignored, so all take the same ones.
  const pageOf = (index: string, where: string) =>
    db.prepare<[Wanted], TaskRow>(
      `${SELECT_TASK.replace('FROM tasks t ', `FROM tasks t ${index} `)}
       WHERE ${where} AND t.id < @before ORDER BY t.id DESC LIMIT @limit`,
    );
  const someStatus = '(@status IS NULL OR t.status IN (SELECT value FROM json_each(@status)))';
  const partOf = '(@parent IS NULL OR t.parent_id = @parent)';
  const pages = {
    all: pageOf('', 'true'),
    children: pageOf('INDEXED BY tasks_children', `t.parent_id = @parent AND ${someStatus}`),
    dead: pageOf('INDEXED BY tasks_dead', `t.dead = 1 AND ${someStatus} AND ${partOf}`),
    deadRoots: pageOf('INDEXED BY tasks_dead', `t.dead = 1 AND t.parent_id IS NULL AND ${someStatus}`),
  };
  const listed = db.prepare<[stage: number, part: number, before: number, limit: number], { id: number }>(
    `SELECT id FROM tasks INDEXED BY tasks_lists WHERE stage = ? AND part = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  // One statement, so that no other server writes in between. No number is left out: each is one more than the largest.
  const kept = db.prepare<[], Group | { status: 'all'; n: number }>(
    `SELECT part, status, n FROM task_counts UNION ALL
     SELECT part, 'running', count(*) FROM tasks INDEXED BY tasks_lists WHERE stage = ${stageOf('running')} GROUP BY part UNION ALL
     SELECT NULL, 'all', coalesce(max(id), 0) FROM tasks`,
  );
  const childCount = db.prepare<[Wanted], { n: number }>(
    `SELECT count(*) AS n FROM tasks t INDEXED BY tasks_children WHERE t.parent_id = @parent AND ${someStatus}`,
  );
  const deadCount = db.prepare<[Wanted & { roots: number }], { n: number }>(
    `SELECT count(*) AS n FROM tasks t INDEXED BY tasks_dead
     WHERE t.dead = 1 AND ${someStatus} AND ${partOf} AND (@roots = 0 OR t.parent_id IS NULL)`,
  );

  const counted = (): Group[] => {
    const groups: Group[] = [];
    let rest = 0;
    for (const row of kept.all()) {
      if (row.status !== 'all') groups.push(row);
      rest += row.status === 'all' ? row.n : -row.n;
    }
    return [...groups, { part: 0, status: 'pending', n: rest }];
  };

  /** Tasks of one status that are part of none, or parts. */
  const groups = (status: readonly TaskStatus[] | undefined, roots: boolean) =>
    counted().filter((row) => (status?.includes(row.status) ?? true) && !(roots && row.part === 1));

  /** The newest of each group, and of these the newest. */
  const newest = (groups: readonly Group[], { before, limit }: Wanted): Task[] =>
    groups
      .flatMap(({ status, part }) =>
        status === 'pending'
          ? lanes.newest(part, before, limit)
          : listed.all(stageOf(status), part, before, limit).map(({ id }) => id),
      )
      .toSorted((one, other) => other - one)
      .slice(0, limit)
      .map((id) => tasks.read(id));

  return {
    list({ status, parentId, dead = false, before = Number.MAX_SAFE_INTEGER, limit }) {
      const parent = typeof parentId === 'string' ? tasks.row(parentId) : null;
      const roots = parentId === null;
      const wanted: Wanted = {
        status: status === undefined ? null : JSON.stringify(status),
        parent: parent?.id ?? null,
        before,
        limit,
      };
      const answer = (rows: TaskRow[], total: number) => ({ tasks: rows.map(tasks.toTask), total });
      if (dead) {
        const total = deadCount.get({ ...wanted, roots: roots ? 1 : 0 })?.n ?? 0;
        return answer((roots ? pages.deadRoots : pages.dead).all(wanted), total);
      }
      if (parent) {
        const total = status === undefined ? parent.children : (childCount.get(wanted)?.n ?? 0);
        return answer(pages.children.all(wanted), total);
      }
      const wantedGroups = groups(status, roots);
      const total = wantedGroups.reduce((sum, { n }) => sum + n, 0);
      if (status === undefined && !roots) return answer(pages.all.all(wanted), total);
      return { tasks: newest(wantedGroups, wanted), total };
    },
    counts() {
      const counts = { blocked: 0, delayed: 0, paused: 0, pending: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
      for (const { status, n } of counted()) counts[status] += n;
      return counts;
    },
  };
}
