import { availableParallelism, loadavg } from 'node:os';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Probe } from './conditions.ts';

export interface IdleDeps {
  db: Db;
  now: () => number;
  /** The load average of the last minute, for each core. Windows has none and says 0: there only the tasks count. */
  load?: () => number;
}

/** How long after a person submitted a task somebody may still be working. Milliseconds. */
const QUIET_MS = 10 * 60_000;
/** Load for each core from which on the machine has something else to do. */
const BUSY_LOAD = 0.5;
/** Tasks that are looked at, newest first; schedules seldom make so many in ten minutes. */
const NEWEST = 200;

/**
 * Idle: no task that a person submitted is running or came within the last ten minutes, and the machine is at rest.
 * Tasks that schedules submitted, and their parts, do not count, so one of them does not keep the next from starting.
 */
export function createIdleProbe({ db, now, load = loadPerCore }: IdleDeps): Probe {
  const parent = 'SELECT p.uid FROM tasks p WHERE p.id = t.parent_id';
  const bySchedule = `EXISTS (SELECT 1 FROM schedule_runs r WHERE r.task_id IN (t.uid, (${parent})))`;
  const recent = db.prepare<[newest: number, since: number], { n: number }>(
    `SELECT count(*) AS n FROM (SELECT uid, parent_id, created_at FROM tasks ORDER BY id DESC LIMIT ?) t
     WHERE t.created_at > ? AND NOT ${bySchedule}`,
  );
  const running = db.prepare<[], { n: number }>(
    `SELECT count(*) AS n FROM tasks t WHERE t.status = 'running' AND NOT ${bySchedule}`,
  );
  return () => {
    if (load() >= BUSY_LOAD) return false;
    return guarded(() => recent.get(NEWEST, now() - QUIET_MS)?.n === 0 && running.get()?.n === 0);
  };
}

const loadPerCore = (): number => (loadavg()[0] ?? 0) / availableParallelism();
