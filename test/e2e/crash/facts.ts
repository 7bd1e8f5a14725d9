import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Db } from '../../../server/storage/database.ts';
import { testEnv } from '../../support/server.ts';
import { openWorkspaceDatabase } from '../../support/workspaceDatabase.ts';

export interface TaskFact {
  id: string;
  status: string;
  lastSeq: number;
  proposal: string | null;
}

export interface EventFact {
  taskId: string;
  seq: number;
  type: string;
  /** JSON. */
  data: string;
  fence: number;
}

export interface RunFact {
  scheduleId: string;
  outcome: string;
  taskId: string | null;
}

/** What is really there: on the disk of the workspace, and in the database, read past the server. */
export interface Facts {
  /** `ok`, or what SQLite found broken. */
  integrity: string;
  tasks: TaskFact[];
  /** In the order of each task's log. */
  events: EventFact[];
  schedules: string[];
  runs: RunFact[];
  /** Text by path, relative to the workspace, with `/`. */
  files: ReadonlyMap<string, string>;
}

/** Reads the facts of a workspace that no server has open. `data` is the root of the data folders. */
export async function readFacts(workspace: string, data: string): Promise<Facts> {
  const db = await openWorkspaceDatabase(workspace, testEnv(data));
  try {
    return { ...factsOf(db), files: filesOf(workspace) };
  } finally {
    db.close();
  }
}

/** The facts of an open database. */
export function factsOf(db: Db): Omit<Facts, 'files'> {
  return {
    integrity: String(db.pragma('integrity_check', { simple: true })),
    tasks: db
      .prepare<[], TaskFact>(
        `SELECT t.uid AS id, t.status, t.last_seq AS lastSeq, p.status AS proposal
         FROM tasks t LEFT JOIN proposals p ON p.task_id = t.id`,
      )
      .all(),
    events: db
      .prepare<[], EventFact>(
        `SELECT t.uid AS taskId, e.seq, e.type, e.data, e.fence
         FROM (SELECT task_id, seq, type, data, fence FROM submissions UNION ALL
               SELECT task_id, seq, type, data, fence FROM events) e JOIN tasks t ON t.id = e.task_id ORDER BY e.task_id, e.seq`,
      )
      .all(),
    schedules: db
      .prepare<[], { id: string }>('SELECT id FROM schedules')
      .all()
      .map(({ id }) => id),
    runs: db
      .prepare<[], RunFact>('SELECT schedule_id AS scheduleId, outcome, task_id AS taskId FROM schedule_runs')
      .all(),
  };
}

function filesOf(workspace: string): Map<string, string> {
  const entries = readdirSync(workspace, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(workspace.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
    }),
  );
}
