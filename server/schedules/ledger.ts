import { type Condition, type ErrorCode, methods, OspainError, type Run } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Queue } from '../tasks/queue.ts';
import { mayWait, runsFrom } from './misfire.ts';
import { occurrencesOf } from './occurrences.ts';
import { conditionsOf, type RunRow, type ScheduleRow, taskIdOf, templateOf, toRun, whenOf } from './scheduleRow.ts';

/**
 * What became of each due time: exactly one row, written with the task in one transaction. Every function here runs
 * inside the caller's transaction.
 */
export interface Ledger {
  /** Deals with the due times up to `now`, but no more than one batch; whether some are left, and how many tasks it made. */
  settle(row: ScheduleRow, now: number): { more: boolean; submitted: number };
  /** Due times that wait for conditions, oldest first, with what they wait for. */
  waiting(): Array<{ scheduleId: string; dueAt: number; conditions: Condition[] }>;
  /** Submits what waits; whether it became a task. */
  release(row: ScheduleRow, dueAt: number, now: number): boolean;
  /**
   * Submits its task now, because somebody asked for it, under a due time of its own; again with the same id gives the same
   * run. Throws as the queue does, and `conflict` when the task is of another schedule.
   */
  runNow(row: ScheduleRow, taskId: string, now: number): Run;
  /** What waits will not run any more. */
  drop(row: ScheduleRow, now: number): void;
  /** Newest first. */
  runs(scheduleId: string, limit: number): Run[];
}

/** Due times in one transaction: about 20 ms of work, so that a server that was away for a year still answers. */
const BATCH = 200;

/** A task that the queue will never take. Any other error undoes the transaction, and the next round tries again. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['invalid_params', 'too_large', 'conflict', 'wrong_state']);

const AWAY = 'No server ran at the time, or the machine slept.';
const OFF = 'The schedule was switched off.';
const ASKED = 'Somebody asked for it.';

export function createLedger({ db, queue }: { db: Db; queue: Queue }): Ledger {
  const insert = db.prepare<[RunRow]>(
    `INSERT INTO schedule_runs (schedule_id, due_at, outcome, task_id, at, reason)
     VALUES (@schedule_id, @due_at, @outcome, @task_id, @at, @reason) ON CONFLICT DO NOTHING`,
  );
  const decide = db.prepare<[RunRow]>(
    `UPDATE schedule_runs SET outcome = @outcome, task_id = @task_id, at = @at, reason = @reason
     WHERE schedule_id = @schedule_id AND due_at = @due_at AND outcome = 'waiting'`,
  );
  const setNext = db.prepare<[number | null, number]>('UPDATE schedules SET next_at = ? WHERE number = ?');
  const setLast = db.prepare<[number, number]>('UPDATE schedules SET last_at = ? WHERE number = ?');
  const allWaiting = db.prepare<[], { scheduleId: string; dueAt: number; conditions: string }>(
    `SELECT r.schedule_id AS scheduleId, r.due_at AS dueAt, s.conditions
     FROM schedule_runs r INDEXED BY schedule_runs_waiting JOIN schedules s ON s.id = r.schedule_id
     WHERE r.outcome = 'waiting' ORDER BY r.due_at`,
  );
  const waitingOf = db.prepare<[string], { due_at: number }>(
    `SELECT due_at FROM schedule_runs INDEXED BY schedule_runs_waiting
     WHERE outcome = 'waiting' AND schedule_id = ? ORDER BY due_at DESC`,
  );
  const ofTask = db.prepare<[string], RunRow>('SELECT * FROM schedule_runs WHERE task_id = ?');
  const page = db.prepare<[string, number], RunRow>(
    'SELECT * FROM schedule_runs WHERE schedule_id = ? ORDER BY due_at DESC LIMIT ?',
  );

  const end = (row: ScheduleRow, dueAt: number, now: number, outcome: Run['outcome'], reason: string | null) =>
    decide.run({ schedule_id: row.id, due_at: dueAt, outcome, task_id: null, at: now, reason });

  const submitAs = (row: ScheduleRow, id: string): string =>
    queue.submit(methods['task/submit'].params.parse({ ...templateOf(row), id })).id;

  const submit = (row: ScheduleRow, dueAt: number): { taskId: string } | { refused: string } => {
    try {
      return { taskId: submitAs(row, taskIdOf(row.id, dueAt)) };
    } catch (thrown) {
      const { code, message } = OspainError.from(thrown);
      if (!REFUSALS.has(code)) throw thrown;
      return { refused: message };
    }
  };

  const release = (row: ScheduleRow, dueAt: number, now: number): boolean => {
    // Another server may have been here first.
    const still = waitingOf.all(row.id).some(({ due_at }) => due_at === dueAt);
    if (!still) return false;
    const made = submit(row, dueAt);
    if ('refused' in made) {
      end(row, dueAt, now, 'refused', made.refused);
      return false;
    }
    decide.run({
      ...{ schedule_id: row.id, due_at: dueAt, task_id: made.taskId, at: now },
      ...{ outcome: 'submitted', reason: null },
    });
    setLast.run(now, row.number);
    return true;
  };

  /** Whether it became a task. The primary key decides which server deals with a due time. */
  const begin = (row: ScheduleRow, dueAt: number, now: number): boolean => {
    const conditions = conditionsOf(row);
    const reason =
      conditions.length === 0 ? null : `It waits until the machine is ${conditions.map(said).join(' and ')}.`;
    const added = insert.run({
      ...{ schedule_id: row.id, due_at: dueAt, outcome: 'waiting', task_id: null, at: now, reason },
    }).changes;
    if (added === 0) return false;
    if (conditions.length === 0) return release(row, dueAt, now);
    for (const { due_at } of waitingOf.all(row.id).slice(mayWait(row.misfire)))
      end(row, due_at, now, 'merged', 'A later due time came while it waited.');
    return false;
  };

  const pass = (row: ScheduleRow, dueAt: number, now: number) => {
    const skipped = row.off_since !== null || row.misfire === 'skip';
    const late = skipped ? AWAY : `${AWAY} A later due time runs for it.`;
    insert.run({
      ...{ schedule_id: row.id, due_at: dueAt, task_id: null, at: now },
      ...{ outcome: skipped ? 'skipped' : 'merged', reason: row.off_since === null ? late : OFF },
    });
  };

  return {
    settle(row, now) {
      const occurrences = occurrencesOf(whenOf(row));
      const until = Math.min(row.off_since ?? now, now);
      const from = row.off_since === null ? runsFrom(row.misfire, occurrences, now) : Number.POSITIVE_INFINITY;
      let due = row.next_at;
      let submitted = 0;
      for (let n = 0; n < BATCH && due !== null && due <= until; n++) {
        if (due < from) pass(row, due, now);
        else if (begin(row, due, now)) submitted += 1;
        due = occurrences.after(due);
      }
      setNext.run(due, row.number);
      return { more: due !== null && due <= until, submitted };
    },
    waiting: () => allWaiting.all().map((row) => ({ ...row, conditions: conditionsOf(row) })),
    release,
    runNow(row, taskId, now) {
      const before = ofTask.get(taskId);
      if (before?.schedule_id === row.id) return toRun(before);
      if (before) throw new OspainError('conflict', `The id ${taskId} belongs to a task of another schedule.`);
      const run: RunRow = {
        ...{ schedule_id: row.id, due_at: now, outcome: 'submitted', at: now, reason: ASKED },
        task_id: submitAs(row, taskId),
      };
      // A due time of the schedule is not taken from it, nor one that the ledger has.
      const { after } = occurrencesOf(whenOf(row));
      while (after(run.due_at - 1) === run.due_at || insert.run(run).changes === 0) run.due_at -= 1;
      setLast.run(now, row.number);
      return toRun(run);
    },
    drop(row, now) {
      for (const { due_at } of waitingOf.all(row.id)) end(row, due_at, now, 'skipped', OFF);
    },
    runs: (scheduleId, limit) => page.all(scheduleId, limit).map(toRun),
  };
}

const said = (condition: Condition): string => (condition === 'mains' ? 'on mains power' : 'idle');
