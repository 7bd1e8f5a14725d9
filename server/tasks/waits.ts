import type { TaskStatus } from '../../protocol/index.ts';

/** What is needed to say why a task waits; selected as `WAIT_COLUMNS` from `tasks t`. */
export interface WaitRow {
  status: TaskStatus;
  attempts: number;
  not_before: number;
  blockers: number;
  reason: string | null;
  /** The number of the oldest task that a blocked one waits for. */
  waits_for: number | null;
  /** 1 when that one is done and its edits wait for a person. */
  waits_review: number | null;
  queue_paused: number;
}

export const WAIT_COLUMNS = `CASE WHEN t.status = 'blocked' THEN
    (SELECT min(depends_on) FROM task_dependencies WHERE task_id = t.id AND open = 1) END AS waits_for,
  CASE WHEN t.status = 'blocked' THEN
    (SELECT o.status = 'done' FROM task_dependencies d JOIN tasks o ON o.id = d.depends_on
     WHERE d.task_id = t.id AND d.open = 1 ORDER BY d.depends_on LIMIT 1) END AS waits_review,
  (SELECT paused FROM workspace) AS queue_paused`;

export const PAUSED = 'paused by a person';

/** Why a task is held: one that it depends on did not succeed, and a person is asked to decide. */
export const heldBy = (number: number, status: TaskStatus): string =>
  status === 'done'
    ? `held: the edits of #${number} were rejected`
    : `held: #${number} ${status === 'failed' ? 'failed' : 'was cancelled'}`;

/** Why a task does not run, in words for people; null when it does not wait. `now` is Unix milliseconds. */
export function waitsOf(row: WaitRow, now: number): string | null {
  const others = row.blockers > 1 ? ` and ${row.blockers - 1} more` : '';
  if (row.status === 'blocked')
    return `waits for ${row.waits_review === 1 ? 'your review of ' : ''}#${row.waits_for}${others}`;
  if (row.status === 'paused') return row.reason;
  if (row.status === 'delayed')
    return `${row.attempts > 0 ? 'retries at' : 'not before'} ${clock(row.not_before, now)}`;
  if (row.status !== 'pending') return null;
  return row.queue_paused === 1 ? 'the queue is paused' : (row.reason ?? 'waits for its turn');
}

/** A time on the machine's own clock, with its date when that is not today's. */
function clock(at: number, now: number): string {
  const [date, time] = parts(at);
  return date === parts(now)[0] ? time : `${date} ${time}`;
}

function parts(at: number): [date: string, time: string] {
  const then = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return [
    `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`,
    `${two(then.getHours())}:${two(then.getMinutes())}`,
  ];
}
