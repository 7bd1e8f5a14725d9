import {
  type EventData,
  type EventType,
  OspainError,
  type Task,
  type TaskEvent,
  type TaskStatus,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { type Admission, createCandidates } from './candidates.ts';
import type { EventLog, NewEvent } from './eventLog.ts';
import type { Graph } from './graph.ts';
import { historyOf } from './history.ts';
import type { Lanes } from './lanes.ts';
import { hasEnded, SELECT_TASK, stageOf, type TaskRow } from './taskRow.ts';
import type { Tasks } from './tasks.ts';
import { PAUSED } from './waits.ts';

/** A task that this server may work on, as long as it holds the fence. */
export interface Claim {
  task: Task;
  /** Goes with every write; a write with an old one throws `lease_lost`. */
  fence: number;
  /** Counts from 1. */
  attempt: number;
  /** The events of the finished steps of this run: see `historyOf`. */
  history: readonly TaskEvent[];
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
  /**
   * The next task by priority, then age; null when none is due, the queue is paused or none is let in. `admit` is asked for
   * the first task of each kind and model: those behind it in its lane need the same.
   */
  claim(worker: string, leaseMs: number, admit?: Admission): Claim | null;
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
  /** Between two steps: throws `paused` when that was asked for, and `lease_lost` as every write does. */
  checkpoint(id: string, fence: number): void;
  /** The end of an attempt that a checkpoint ended; it does not count. Where nobody asks for a pause any more, a release. */
  paused(id: string, fence: number): void;
  /**
   * Ends an attempt that cannot go on without a person: the task is paused with this reason. `change` runs in the same
   * transaction; when it answers false the attempt goes on, and so is the answer here. A cancel that was asked for comes first.
   */
  park(id: string, fence: number, reason: string, change: () => boolean): boolean;
  /**
   * Takes tasks back from servers that died and, unless `expired` is false, from those that did not renew their lease;
   * answers how many. Leases that end later than any lease can, because the clock was set back, are cut.
   */
  reap(isAlive: (worker: string) => boolean, options?: { expired?: boolean }): number;
  /** Runs a change in one transaction, only while the lease is held. */
  write<T>(id: string, fence: number, change: () => T): T;
}

interface LeasesDeps {
  db: Db;
  now: () => number;
  log: EventLog;
  tasks: Tasks;
  graph: Graph;
  lanes: Lanes;
  /** Runs a change in one transaction and then tells listeners. */
  commit: <T>(change: () => T) => T;
}

export function createLeases({ db, now, log, tasks, graph, lanes, commit }: LeasesDeps): Leases {
  const candidates = createCandidates({ db, now, tasks, graph, lanes });
  // One statement a change: it counts the event that goes with it, too.
  const take = db.prepare<[worker: string, ms: number, until: number, now: number, id: number]>(
    `UPDATE tasks SET status = 'running', attempts = attempts + 1, fence = fence + 1, worker = ?, lease_ms = ?,
       lease_until = ?, error = NULL, progress = NULL, reason = NULL, last_seq = last_seq + 1, updated_at = ?
     WHERE id = ?`,
  );
  const dropProposal = db.prepare<[number]>(`DELETE FROM proposals WHERE task_id = ? AND status = 'open'`);
  // Without the fence here and in `leave`, a server that lost its lease could write over its successor.
  const holding = db.prepare<[string, number], HeldRow>(
    `SELECT ${HELD_COLUMNS} FROM tasks WHERE uid = ? AND fence = ? AND status = 'running'`,
  );
  const completing = db.prepare<[string, number], TaskRow>(
    `${SELECT_TASK} WHERE t.uid = ? AND t.fence = ? AND t.status = 'running'`,
  );
  const renew = db.prepare<[{ now: number; ms: number; id: string; fence: number }], { cancel_asked: number }>(
    `UPDATE tasks SET lease_until = @now + @ms, lease_ms = @ms WHERE uid = @id AND fence = @fence AND status = 'running'
     RETURNING cancel_asked`,
  );
  const setProgress = db.prepare<[string, number]>('UPDATE tasks SET progress = ? WHERE id = ?');
  const leave = db.prepare<
    [
      ...[status: TaskStatus, attempts: number, notBefore: number, result: string | null, error: string | null],
      ...[dead: 0 | 1, reason: string | null, lastSeq: number, now: number, id: number, fence: number],
    ]
  >(
    `UPDATE tasks SET status = ?, attempts = ?, not_before = ?, result = ?, error = ?, dead = ?, reason = ?, worker = NULL,
       lease_ms = NULL, lease_until = NULL, cancel_asked = 0, pause_asked = 0, progress = NULL, last_seq = ?, updated_at = ?
     WHERE id = ? AND fence = ? AND status = 'running'`,
  );
  const cut = db.prepare<[{ now: number }]>(
    `UPDATE tasks INDEXED BY tasks_lists SET lease_until = @now + lease_ms
     WHERE stage = ${stageOf('running')} AND lease_until > @now + lease_ms`,
  );
  const running = db.prepare<[], HeldRow & { worker: string; lease_until: number }>(
    `SELECT ${HELD_COLUMNS}, worker, lease_until FROM tasks INDEXED BY tasks_lists WHERE stage = ${stageOf('running')}`,
  );

  const there = <Row>(row: Row | undefined): Row => {
    if (row) return row;
    throw new OspainError('lease_lost', 'This attempt no longer holds its task.');
  };
  const held = (id: string, fence: number): HeldRow => there(holding.get(id, fence));

  const leaveAs = (row: HeldRow, lastSeq: number, change: Leaving, at = now()): void => {
    const { status, attempts = row.attempts, notBefore = 0, result = null, error = null } = change;
    const { dead = 0, reason = null } = change;
    leave.run(status, attempts, notBefore, result, error, dead, reason, lastSeq, at, row.id, row.fence);
  };

  const end = (row: HeldRow, event: NewEvent, change: Leaving, told = (_at: number) => {}): TaskStatus => {
    const [seq, at] = [row.last_seq + 1, now()];
    leaveAs(row, seq, change, at);
    log.put(row.id, row.fence, event, seq);
    told(at);
    if (hasEnded(change.status)) graph.ended(row.id, change.status);
    return change.status;
  };

  const cancel = (row: HeldRow) => end(row, { type: 'cancelled', data: {} }, { status: 'cancelled' });

  const giveUp = (row: HeldRow, error: OspainError, dead: 0 | 1) =>
    end(row, { type: 'failed', data: { error: error.toWire() } }, { status: 'failed', error: errorText(error), dead });

  /** Ends an attempt without a result; what a person asked for in the meantime comes first. */
  const giveBack = (row: HeldRow, error: OspainError, delayMs: number, attempts = row.attempts): TaskStatus => {
    if (row.cancel_asked === 1) return cancel(row);
    if (attempts >= row.max_attempts) return giveUp(row, error, 1);
    const paused = row.pause_asked === 1;
    const event = { type: 'retry' as const, data: { attempt: row.attempts, error: error.toWire(), delayMs } };
    const status = end(row, event, {
      status: paused ? 'paused' : delayMs > 0 ? 'delayed' : 'pending',
      reason: paused ? PAUSED : null,
      attempts,
      error: errorText(error),
      notBefore: delayMs > 0 ? now() + delayMs : 0,
    });
    if (paused) graph.tell(row.id);
    return status;
  };

  const stopped = (row: HeldRow) =>
    giveBack(
      row,
      new OspainError('unavailable', 'The server stopped while the task was running.'),
      0,
      row.attempts - 1,
    );

  /** Whether the edits of an earlier attempt are a step that this one goes on behind. */
  const keepsProposal = (history: readonly TaskEvent[]) => history.some(({ type }) => type === 'proposal');

  const emitMany: Leases['emitMany'] = (id, fence, events, { progress } = {}) =>
    commit(() => {
      const row = held(id, fence);
      for (const event of events) log.append(row.id, fence, event);
      if (progress !== undefined) setProgress.run(progress, row.id);
    });

  return {
    claim: (worker, leaseMs, admit) =>
      commit(() => {
        const next = candidates.next(admit);
        if (next === undefined) return null;
        const { id, model, last_seq } = next;
        const [fence, attempt, seq] = [next.fence + 1, next.attempts + 1, last_seq + 1];
        take.run(worker, leaseMs, now() + leaseMs, now(), id);
        // A task that was never worked on has no more than the event of its submission.
        const history = last_seq > 1 ? historyOf(log.history(id)) : [];
        // An earlier attempt may have left edits that nobody accepted; one that begins anew starts from the workspace again.
        if (last_seq > 1 && !keepsProposal(history)) dropProposal.run(id);
        log.put(id, fence, { type: 'started', data: { attempt, model } }, seq);
        return { task: log.keep(tasks.read(id)), fence, attempt, history };
      }),
    heartbeat: (id, fence, leaseMs) =>
      commit(() => {
        const row = renew.get({ now: now(), ms: leaseMs, id, fence });
        if (row === undefined) return 'lost';
        return row.cancel_asked === 1 ? 'cancelAsked' : 'held';
      }),
    emit: (id, fence, type, data, options) => emitMany(id, fence, [{ type, data } as NewEvent], options),
    emitMany,
    complete: (id, fence, result) =>
      commit(() => {
        // Listeners hear of it as it is then, which need not be read a second time.
        const row = there(completing.get(id, fence));
        end(row, { type: 'done', data: { text: result } }, { status: 'done', result }, (at) => {
          const ended = { ...row, status: 'done' as const, result, last_seq: row.last_seq + 1, updated_at: at };
          log.keep(tasks.toTask({ ...ended, not_before: 0, error: null, reason: null, progress: null }));
        });
      }),
    fail: (id, fence, error, { retryable, delayMs }) =>
      commit(() => {
        const row = held(id, fence);
        if (row.cancel_asked === 1) return cancel(row);
        return retryable ? giveBack(row, error, delayMs) : giveUp(row, error, 0);
      }),
    cancelled: (id, fence) =>
      commit(() => {
        cancel(held(id, fence));
      }),
    release: (id, fence) =>
      commit(() => {
        stopped(held(id, fence));
      }),
    checkpoint(id, fence) {
      const { pause_asked } = guarded(() => held(id, fence));
      if (pause_asked === 1) throw new OspainError('paused', 'The task was paused between two steps.');
    },
    paused: (id, fence) =>
      commit(() => {
        const row = held(id, fence);
        if (row.cancel_asked === 1) return void cancel(row);
        if (row.pause_asked === 0) return void stopped(row);
        leaveAs(row, row.last_seq, { status: 'paused', attempts: row.attempts - 1, reason: PAUSED });
        graph.tell(row.id);
      }),
    park: (id, fence, reason, change) =>
      commit(() => {
        const row = held(id, fence);
        if (row.cancel_asked === 1) cancel(row);
        else {
          if (!change()) return false;
          // What the change wrote is counted in the row.
          const { last_seq, attempts } = held(id, fence);
          leaveAs(row, last_seq, { status: 'paused', attempts: attempts - 1, reason });
          graph.tell(row.id);
        }
        return true;
      }),
    reap: (isAlive, { expired = true } = {}) =>
      commit(() => {
        cut.run({ now: now() });
        const gone = running.all().filter((row) => (expired && row.lease_until <= now()) || !isAlive(row.worker));
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
type HeldRow = Pick<
  TaskRow,
  'id' | 'fence' | 'attempts' | 'max_attempts' | 'cancel_asked' | 'pause_asked' | 'last_seq'
>;
const HELD_COLUMNS = 'id, fence, attempts, max_attempts, cancel_asked, pause_asked, last_seq';

/** How a task is when its attempt is over; what is left out is as in a task that never ran. */
interface Leaving {
  status: TaskStatus;
  attempts?: number;
  notBefore?: number;
  result?: string | null;
  error?: string | null;
  dead?: 0 | 1;
  reason?: string | null;
}

const errorText = (error: OspainError): string => JSON.stringify(error.toWire());
