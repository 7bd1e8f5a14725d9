import { createHash } from 'node:crypto';
import type { Condition, Misfire, Run, Schedule } from '../../protocol/index.ts';
import type { FixedWhen } from './occurrences.ts';

export interface ScheduleRow {
  number: number;
  id: string;
  due: string;
  conditions: string;
  misfire: Misfire;
  template: string;
  /** The first due time that is not in the ledger; null when there is none. */
  next_at: number | null;
  last_at: number | null;
  /** Due times later than this are not owed; null while the schedule is on. */
  off_since: number | null;
  removed: 0 | 1;
  created_at: number;
}

export interface RunRow {
  schedule_id: string;
  due_at: number;
  outcome: Run['outcome'];
  task_id: string | null;
  at: number;
  reason: string | null;
}

export const whenOf = (row: ScheduleRow): FixedWhen => JSON.parse(row.due) as FixedWhen;
export const conditionsOf = (row: Pick<ScheduleRow, 'conditions'>): Condition[] =>
  JSON.parse(row.conditions) as Condition[];
export const templateOf = (row: ScheduleRow): Schedule['template'] => JSON.parse(row.template) as Schedule['template'];

/** In the order in which it is written: two equal requests give equal text. */
export const templateText = ({ kind, instruction, model, autoAccept }: Schedule['template']): string =>
  JSON.stringify({ kind, instruction, model, autoAccept });

export const toSchedule = (row: ScheduleRow): Schedule => ({
  id: row.id,
  number: row.number,
  when: whenOf(row),
  conditions: conditionsOf(row),
  misfire: row.misfire,
  template: templateOf(row),
  enabled: row.off_since === null,
  nextAt: row.off_since === null ? row.next_at : null,
  lastAt: row.last_at,
  createdAt: row.created_at,
});

export const toRun = (row: RunRow): Run => ({
  scheduleId: row.schedule_id,
  dueAt: row.due_at,
  outcome: row.outcome,
  taskId: row.task_id,
  at: row.at,
  reason: row.reason,
});

/** The same due time gives the same task, whichever server submits it and however often: a UUID of version 8. */
export function taskIdOf(scheduleId: string, dueAt: number): string {
  const hash = createHash('sha256').update(`${scheduleId}/${dueAt}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hash.charAt(16), 16) % 4);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, variant + hash.slice(17, 20)];
  return [...parts, hash.slice(20, 32)].join('-');
}
