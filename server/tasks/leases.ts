import { type EventData, type EventType, OspainError, type Task, type TaskStatus } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { EventLog, NewEvent } from './eventLog.ts';
import { SELECT_TASK, type TaskRow, toTask } from './taskRow.ts';

/** A task that this server may work on, as long as it holds the fence. */
export interface Claim {
  task: Task;
  /** Goes with every write; a write with an old one throws `lease_lost`. */
  fence: number;
  /** Counts from 1. */
  attempt: number;
}

export interface EmitOptions {
  /** One short line that says what is happening now. */
  progress?: string | undefined;
}

export interface FailOptions {
  /** Whether another attempt may end differently. */
  retryable: boolean;
  /** Milliseconds until then. */
  delayMs: number;
}

/** How a server takes tasks, keeps them and gives them back. `id` is the task's id; times are milliseconds. */
export interface Leases {
  /** The next task by priority, then age; null when none is due. */
  claim(worker: string, leaseMs: number): Claim | null;
  /** Keeps the lease for another `leaseMs`, also while a cancel is being carried out. */
  heartbeat(id: string, fence: number, leaseMs: number): 'held' | 'cancelAsked' | 'lost';
  emit<T extends EventType>(id: string, fence: number, type: T, data: EventData<T>, options?: EmitOptions): void;
  emitMany(id: string, fence: number, events: readonly NewEvent[], options?: EmitOptions): void;
  complete(id: string, fence: number, result: string): void;
  /** Back to the queue while attempts are left and the error is retryable, else failed. Answers where it went. */
  fail(id: string, fence: number, error: OspainError, options: FailOptions): TaskStatus;
  /** The end of a running task whose cancel was asked for. */
  cancelled(id: string, fence: number): void;
  /** Back to the queue at once, because this server stops; the attempt does not count. */
  release(id: string, fence: number): void;
  /** Takes tasks back from servers that died or did not renew their lease; answers how many. */
  reap(isAlive: (worker: string) => boolean): number;
  /** Runs a change in one transaction, only while the lease is held. */
  write<T>(id: string, fence: number, change: () => T): T;
}

interface LeasesDeps {
  db: Db;
  now: () => number;
  log: EventLog;
  /** Runs a change in one transaction and then tells listeners. */
  commit: <T>(change: () => T) => T;
}

export function createLeases({ db, now, log, commit }: LeasesDeps): Leases {
  // The indexes are named because the planner, which knows no numbers, would take the one on status alone and then walk
  // every waiting task at each claim.
  const promote = db.prepare<[number]>(
    `UPDATE tasks INDEXED BY tasks_delayed SET status = 'pending' WHERE status = 'delayed' AND not_before <= ?`,
  );
  const take = db.prepare<[{ worker: string; until: number; now: number }], Pick<TaskRow, 'id' | 'fence' | 'attempts'>>(
    `UPDATE tasks SET status = 'running', attempts = attempts + 1, fence = fence + 1, worker = @worker,
       lease_until = @until, error = NULL, progress = NULL, updated_at = @now
     WHERE id = (SELECT id FROM tasks INDEXED BY tasks_ready WHERE status = 'pending' ORDER BY priority DESC, id LIMIT 1)
     RETURNING id, fence, attempts`,
  );
  const byNumber = db.prepare<[number], TaskRow>(`${SELECT_TASK} WHERE t.id = ?`);
  const dropProposal = db.prepare<[number]>(`DELETE FROM proposals WHERE task_id = ? AND status = 'open'`);
  // Without the fence here and in `leave`, a server that lost its lease could write over its successor.
  const holding = db.prepare<[string, number], HeldRow>(
    `SELECT ${HELD_COLUMNS} FROM tasks WHERE uid = ? AND fence = ? AND status = 'running'`,
  );
  const renew = db.prepare<[number, string, number], { cancel_asked: number }>(
    `UPDATE tasks SET lease_until = ? WHERE uid = ? AND fence = ? AND status = 'running' RETURNING cancel_asked`,
  );
  const setProgress = db.prepare<[string, number]>('UPDATE tasks SET progress = ? WHERE id = ?');
  const leave = db.prepare<[Leaving]>(
    `UPDATE tasks SET status = @status, attempts = @attempts, not_before = @notBefore, result = @result, error = @error,
       worker = NULL, lease_until = NULL, cancel_asked = 0, progress = NULL
     WHERE id = @id AND fence = @fence AND status = 'running'`,
  );
  const running = db.prepare<[], HeldRow & Pick<TaskRow, 'worker' | 'lease_until'>>(
    `SELECT ${HELD_COLUMNS}, worker, lease_until FROM tasks INDEXED BY tasks_leases WHERE status = 'running'`,
  );

  const read = (number: number): Task => {
    const row = byNumber.get(number);
    if (row === undefined) throw new TypeError('the task was just claimed');
    return toTask(row);
  };

  const held = (id: string, fence: number): HeldRow => {
    const row = holding.get(id, fence);
    if (row) return row;
    throw new OspainError('lease_lost', 'This attempt no longer holds its task.');
  };

  const end = (row: HeldRow, event: NewEvent, change: Partial<Leaving> & { status: TaskStatus }): TaskStatus => {
    const rest = { attempts: row.attempts, notBefore: 0, result: null, error: null };
    leave.run({ id: row.id, fence: row.fence, ...rest, ...change });
    log.append(row.id, row.fence, event);
    return change.status;
  };

  const cancel = (row: HeldRow) => end(row, { type: 'cancelled', data: {} }, { status: 'cancelled' });

  const giveUp = (row: HeldRow, error: OspainError) =>
    end(row, { type: 'failed', data: { error: error.toWire() } }, { status: 'failed', error: errorText(error) });

  /** Ends an attempt without a result; a cancel that was asked for in the meantime comes first. */
  const giveBack = (row: HeldRow, error: OspainError, delayMs: number, attempts = row.attempts): TaskStatus => {
    if (row.cancel_asked === 1) return cancel(row);
    if (attempts >= row.max_attempts) return giveUp(row, error);
    const event = { type: 'retry' as const, data: { attempt: row.attempts, error: error.toWire(), delayMs } };
    const status = delayMs > 0 ? 'delayed' : 'pending';
    return end(row, event, { status, attempts, error: errorText(error), notBefore: now() + delayMs });
  };

  const emitMany: Leases['emitMany'] = (id, fence, events, { progress } = {}) =>
    commit(() => {
      const row = held(id, fence);
      for (const event of events) log.append(row.id, fence, event);
      if (progress !== undefined) setProgress.run(progress, row.id);
    });

  return {
    claim: (worker, leaseMs) =>
      commit(() => {
        promote.run(now());
        const taken = take.get({ worker, until: now() + leaseMs, now: now() });
        if (taken === undefined) return null;
        // An earlier attempt may have left edits that nobody accepted; this one starts from the workspace again.
        dropProposal.run(taken.id);
        const { id, fence, attempts: attempt } = taken;
        log.append(id, fence, { type: 'started', data: { attempt, model: read(id).model } });
        return { task: read(id), fence, attempt };
      }),
    heartbeat: (id, fence, leaseMs) =>
      commit(() => {
        const row = renew.get(now() + leaseMs, id, fence);
        if (row === undefined) return 'lost';
        return row.cancel_asked === 1 ? 'cancelAsked' : 'held';
      }),
    emit: (id, fence, type, data, options) => emitMany(id, fence, [{ type, data } as NewEvent], options),
    emitMany,
    complete: (id, fence, result) =>
      commit(() => {
        end(held(id, fence), { type: 'done', data: { text: result } }, { status: 'done', result });
      }),
    fail: (id, fence, error, { retryable, delayMs }) =>
      commit(() => {
        const row = held(id, fence);
        if (row.cancel_asked === 1) return cancel(row);
        return retryable ? giveBack(row, error, delayMs) : giveUp(row, error);
      }),
    cancelled: (id, fence) =>
      commit(() => {
        cancel(held(id, fence));
      }),
    release: (id, fence) =>
      commit(() => {
        const row = held(id, fence);
        giveBack(
          row,
          new OspainError('unavailable', 'The server stopped while the task was running.'),
          0,
          row.attempts - 1,
        );
      }),
    reap: (isAlive) =>
      commit(() => {
        const gone = running.all().filter((row) => (row.lease_until ?? 0) <= now() || !isAlive(row.worker ?? ''));
        for (const row of gone)
          giveBack(row, new OspainError('unavailable', 'The server that ran the task ended without finishing it.'), 0);
        return gone.length;
      }),
    write: (id, fence, change) =>
      commit(() => {
        held(id, fence);
        return change();
      }),
  };
}

/** What ending an attempt needs to know; a task's payload may be long, so it is not among it. */
type HeldRow = Pick<TaskRow, 'id' | 'fence' | 'attempts' | 'max_attempts' | 'cancel_asked'>;
const HELD_COLUMNS = 'id, fence, attempts, max_attempts, cancel_asked';

interface Leaving {
  id: number;
  fence: number;
  status: TaskStatus;
  attempts: number;
  notBefore: number;
  result: string | null;
  error: string | null;
}

const errorText = (error: OspainError): string => JSON.stringify(error.toWire());
