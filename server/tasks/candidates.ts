import type { Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Graph } from './graph.ts';
import type { Tasks } from './tasks.ts';

/** Who may be claimed now. */
export interface Admission {
  /** False while as many tasks of this kind run as may. */
  kind?(kind: string): boolean;
  /** Why a task must go on waiting, in words; null lets it in. */
  task?(task: Task): string | null;
}

/** Finds what is to be claimed next. */
export interface Candidates {
  /** The number of the next task; undefined when there is none. Inside the caller's transaction. */
  next(admission?: Admission): number | undefined;
}

interface CandidatesDeps {
  db: Db;
  now: () => number;
  tasks: Tasks;
  graph: Graph;
}

/** Delayed tasks that one claim makes pending, the longest due first; the next claim takes more. */
const PROMOTED = 100;

interface Head {
  id: number;
  kind: string;
  priority: number;
  reason: string | null;
}

/*
 * The heads of the lanes (a kind and a model) are found by one seek each in an index that is sorted by lane, priority and
 * age, so a claim costs the same at a million pending tasks as at ten, and a lane that is full hides no other. The indexes
 * are named because the planner, which knows no numbers, would take another one and walk every waiting task.
 */
export function createCandidates({ db, now, tasks, graph }: CandidatesDeps): Candidates {
  const isPaused = db.prepare<[], { paused: number }>('SELECT paused FROM workspace');
  const promote = db.prepare<[number], { id: number }>(
    `UPDATE tasks SET status = 'pending' WHERE id IN (
       SELECT id FROM tasks INDEXED BY tasks_delayed WHERE status = 'delayed' AND not_before <= ?
       ORDER BY not_before LIMIT ${PROMOTED})
     RETURNING id`,
  );
  const heads = db.prepare<[], Head>(
    `WITH RECURSIVE lanes(lane) AS (
       SELECT min(lane) FROM tasks INDEXED BY tasks_ready WHERE status = 'pending'
       UNION ALL
       SELECT (SELECT min(t.lane) FROM tasks t INDEXED BY tasks_ready WHERE t.status = 'pending' AND t.lane > lanes.lane)
       FROM lanes WHERE lane IS NOT NULL
     )
     SELECT h.id, h.kind, h.priority, h.reason FROM lanes CROSS JOIN tasks h ON h.id = (
       SELECT id FROM tasks t INDEXED BY tasks_ready WHERE t.status = 'pending' AND t.lane = lanes.lane
       ORDER BY t.priority DESC, t.id LIMIT 1)`,
  );
  const setReason = db.prepare<[string, number]>('UPDATE tasks SET reason = ? WHERE id = ?');

  /** Why a task waits is written when it changes, so that its log says so once. */
  const refused = ({ id, reason }: Head, why: string): void => {
    if (reason === why) return;
    setReason.run(why, id);
    graph.tell(id);
  };

  const choose = ({ kind: takesKind = () => true, task: admit }: Admission): number | undefined => {
    const inOrder = heads.all().toSorted((one, other) => other.priority - one.priority || one.id - other.id);
    for (const head of inOrder) {
      if (!takesKind(head.kind)) continue;
      const why = admit?.(tasks.read(head.id)) ?? null;
      if (why === null) return head.id;
      refused(head, why);
    }
    return undefined;
  };

  return {
    next(admission = {}) {
      const due = promote.all(now());
      const chosen = isPaused.get()?.paused === 1 ? undefined : choose(admission);
      // What is claimed at once says so itself.
      for (const { id } of due) if (id !== chosen) graph.tell(id);
      return chosen;
    },
  };
}
