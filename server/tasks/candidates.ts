import type { Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Graph } from './graph.ts';
import type { Head, Lanes } from './lanes.ts';
import type { Tasks } from './tasks.ts';

/** Who may be claimed now. */
export interface Admission {
  /** False while there is no place for such a task. */
  place?(task: { kind: string; priority: number }): boolean;
  /** Why a task must go on waiting, in words; null lets it in. */
  task?(task: Task): string | null;
}

/** Finds what is to be claimed next. */
export interface Candidates {
  /** The next task; undefined when there is none. Inside the caller's transaction. */
  next(admission?: Admission): Head | undefined;
}

interface CandidatesDeps {
  db: Db;
  now: () => number;
  tasks: Tasks;
  graph: Graph;
  lanes: Lanes;
}

/** Delayed tasks that one claim makes pending, the longest due first; the next claim takes more. */
const PROMOTED = 100;

export function createCandidates({ db, now, tasks, graph, lanes }: CandidatesDeps): Candidates {
  const state = db.prepare<[], { paused: number; due: number | null }>(
    `SELECT paused, (SELECT min(not_before) FROM tasks INDEXED BY tasks_delayed WHERE status = 'delayed') AS due FROM workspace`,
  );
  const promote = db.prepare<[number], { id: number }>(
    `UPDATE tasks SET status = 'pending' WHERE id IN (
       SELECT id FROM tasks INDEXED BY tasks_delayed WHERE status = 'delayed' AND not_before <= ?
       ORDER BY not_before LIMIT ${PROMOTED})
     RETURNING id`,
  );
  const setReason = db.prepare<[string, number]>('UPDATE tasks SET reason = ? WHERE id = ?');

  /** Why a task waits is written when it changes, so that its log says so once. */
  const refused = ({ id, reason }: Head, why: string): void => {
    if (reason === why) return;
    setReason.run(why, id);
    graph.tell(id);
  };

  const choose = ({ place = () => true, task: admit }: Admission): Head | undefined => {
    const inOrder = lanes.heads().toSorted((one, other) => other.priority - one.priority || one.id - other.id);
    for (const head of inOrder) {
      if (!place(head)) continue;
      const why = admit?.(tasks.read(head.id)) ?? null;
      if (why === null) return head;
      refused(head, why);
    }
    return undefined;
  };

  return {
    next(admission = {}) {
      const { paused = 0, due = null } = state.get() ?? {};
      const promoted = due !== null && due <= now() ? promote.all(now()) : [];
      const chosen = paused === 1 ? undefined : choose(admission);
      // What is claimed at once says so itself.
      for (const { id } of promoted) if (id !== chosen?.id) graph.tell(id);
      return chosen;
    },
  };
}
