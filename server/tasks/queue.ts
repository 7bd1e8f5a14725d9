import { randomUUID } from 'node:crypto';
import {
  type EventData,
  type EventType,
  MAX_TEXT,
  OspainError,
  type ParsedParams,
  type Result,
  type Task,
  type TaskEvent,
  type TaskStatus,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { createPresence } from '../storage/presence.ts';
import { guarded } from '../storage/storageErrors.ts';
import { transact } from '../storage/transaction.ts';
import { createEventLog, type NewEvent } from './eventLog.ts';
import { type ChangeListener, createFeed } from './feed.ts';
import { createLeases, type Leases } from './leases.ts';
import { payloadText, SELECT_TASK, type TaskRow, toTask } from './taskRow.ts';

export type { Claim } from './leases.ts';

export interface QueueDeps {
  db: Db;
  now: () => number;
  /** Told after every commit, in order, of what any server of the workspace wrote. */
  onChange: ChangeListener;
}

/**
 * The durable queue: what it answered is on disk. `ref` is a task's id, or its number in decimal; an unknown one throws
 * `not_found`. Every function throws errors of storage.
 */
export interface Queue extends Leases {
  /** Submitting an id again gives the task that is there; `conflict` when it asks for something else. */
  submit(params: ParsedParams<'task/submit'>): Task;
  list(params: { status?: TaskStatus[] | undefined; before?: number | undefined; limit: number }): Result<'task/list'>;
  get(ref: string): Task;
  /** Events with a larger `seq`, oldest first. */
  events(ref: string, after?: number, limit?: number): TaskEvent[];
  /** Ends a waiting task; asks the holder of a running one to. `wrong_state` when it has ended. */
  cancel(ref: string): Task;
  /** Puts a failed or cancelled task back, with all its attempts; `wrong_state` for any other. */
  retry(ref: string): Task;
  counts(): Record<TaskStatus, number>;
  /** Unix milliseconds at which the next delayed task is due; null when none waits. */
  nextDue(): number | null;
  /** Appends an event that no attempt writes, such as a person's decision on a proposal. */
  append<T extends EventType>(ref: string, type: T, data: EventData<T>): void;
  /** Runs a change in one transaction; events appended in it are told after it. */
  transact<T>(change: () => T): T;
  /** Tells listeners what other servers wrote since the last look. */
  poll(): void;
  listen(listener: ChangeListener): () => void;
}

export function createQueue({ db, now, onChange }: QueueDeps): Queue {
  const assertPresent = createPresence(db.name);
  const log = createEventLog({ db, now });
  const insert = db.prepare<[{ uid: string; kind: string; payload: string; now: number }], { id: number }>(
    `INSERT INTO tasks (uid, kind, payload, created_at, updated_at) VALUES (@uid, @kind, @payload, @now, @now)
     RETURNING id`,
  );
  const byId = db.prepare<[string], TaskRow>(`${SELECT_TASK} WHERE t.uid = ?`);
  const byNumber = db.prepare<[number], TaskRow>(`${SELECT_TASK} WHERE t.id = ?`);
  const wanted = '(@status IS NULL OR t.status IN (SELECT value FROM json_each(@status)))';
  const page = db.prepare<[{ status: string | null; before: number | null; limit: number }], TaskRow>(
    `${SELECT_TASK} WHERE ${wanted} AND (@before IS NULL OR t.id < @before) ORDER BY t.id DESC LIMIT @limit`,
  );
  const total = db.prepare<[{ status: string | null }], { total: number }>(
    `SELECT count(*) AS total FROM tasks t WHERE ${wanted}`,
  );
  const byStatus = db.prepare<[], { status: TaskStatus; n: number }>(
    'SELECT status, count(*) AS n FROM tasks GROUP BY status',
  );
  const due = db.prepare<[], { due: number | null }>(
    `SELECT min(not_before) AS due FROM tasks INDEXED BY tasks_delayed WHERE status = 'delayed'`,
  );
  const cancelWaiting = db.prepare<[number]>(`UPDATE tasks SET status = 'cancelled' WHERE id = ?`);
  const askCancel = db.prepare<[number]>('UPDATE tasks SET cancel_asked = 1 WHERE id = ?');
  const renew = db.prepare<[number]>(
    `UPDATE tasks SET status = 'pending', attempts = 0, not_before = 0, result = NULL, error = NULL WHERE id = ?`,
  );
  const dropProposal = db.prepare<[number]>(`DELETE FROM proposals WHERE task_id = ? AND status = 'open'`);

  const row = (ref: string): TaskRow => {
    const found = /^\d{1,15}$/.test(ref) ? byNumber.get(Number(ref)) : byId.get(ref);
    if (found) return found;
    throw new OspainError('not_found', `There is no task ${JSON.stringify(ref.slice(0, 64))}.`);
  };
  const get = (ref: string): Task => guarded(() => toTask(row(ref)));
  const feed = createFeed({ db, log, task: get });

  const commit = <T>(change: () => T): T => {
    assertPresent();
    const result = transact(db, change);
    // Inside an outer transaction nothing is durable yet; the outermost commit tells.
    if (!db.inTransaction) feed.pump();
    return result;
  };
  feed.listen(onChange);

  return {
    ...createLeases({ db, now, log, commit }),
    submit({ id = randomUUID(), kind, instruction, context = null, model, autoAccept }) {
      const payload = payloadText({ instruction, context, model, autoAccept });
      if (Buffer.byteLength(payload) > MAX_TEXT)
        throw new OspainError('too_large', 'The task is larger than 1 MiB.', {
          hint: 'Name files instead of pasting them: the task can read them.',
        });
      return commit(() => {
        const there = byId.get(id);
        if (there?.kind === kind && there.payload === payload) return toTask(there);
        if (there) throw new OspainError('conflict', `The id ${id} belongs to a task that asks for something else.`);
        const made = insert.get({ uid: id, kind, payload, now: now() });
        if (made) log.append(made.id, 0, { type: 'submitted', data: { kind, instruction } });
        return get(id);
      });
    },
    list: ({ status, before, limit }) =>
      guarded(() => {
        const only = status === undefined ? null : JSON.stringify(status);
        const tasks = page.all({ status: only, before: before ?? null, limit }).map(toTask);
        return { tasks, total: total.get({ status: only })?.total ?? 0 };
      }),
    get,
    events: (ref, after = 0, limit = 1000) => guarded(() => log.since(row(ref).id, after, limit)),
    cancel: (ref) =>
      commit(() => {
        const { id, fence, status, cancel_asked } = row(ref);
        if (status === 'pending' || status === 'delayed') {
          cancelWaiting.run(id);
          log.append(id, fence, { type: 'cancelled', data: {} });
        } else if (status !== 'running') {
          throw new OspainError('wrong_state', `The task has ended already: it is ${status}.`);
        } else if (cancel_asked === 0) {
          askCancel.run(id);
          log.append(id, fence, { type: 'cancelAsked', data: {} });
        }
        return get(ref);
      }),
    retry: (ref) =>
      commit(() => {
        const { id, fence, status, attempts, error } = row(ref);
        if (status !== 'failed' && status !== 'cancelled')
          throw new OspainError(
            'wrong_state',
            `Only a failed or cancelled task is tried again; this one is ${status}.`,
          );
        renew.run(id);
        dropProposal.run(id);
        const why =
          status === 'failed' && error !== null
            ? JSON.parse(error)
            : new OspainError('cancelled', 'The task was cancelled.').toWire();
        log.append(id, fence, { type: 'retry', data: { attempt: attempts, error: why, delayMs: 0 } });
        return get(ref);
      }),
    counts: () =>
      guarded(() => {
        const counts = { pending: 0, delayed: 0, running: 0, done: 0, failed: 0, cancelled: 0 };
        for (const { status, n } of byStatus.all()) counts[status] = n;
        return counts;
      }),
    nextDue: () => guarded(() => due.get()?.due ?? null),
    append: (ref, type, data) =>
      commit(() => {
        const { id, fence } = row(ref);
        log.append(id, fence, { type, data } as NewEvent);
      }),
    transact: commit,
    poll: feed.poll,
    listen: feed.listen,
  };
}
