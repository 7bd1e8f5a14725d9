import type { OnFailure, TaskStatus } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { EventLog } from './eventLog.ts';
import { hasEnded } from './taskRow.ts';
import { heldBy, WAIT_COLUMNS, type WaitRow, waitsOf } from './waits.ts';

/** An edge of a new task, and how the task that it leads to is now. */
export interface NewEdge {
  number: number;
  status: TaskStatus;
  /** Whether its edits wait for a person. */
  isProposed: boolean;
  onFailure: OnFailure;
}

/**
 * What tasks have to do with each other: dependencies, parents, and where a task waits. Everything runs inside the
 * caller's transaction; tasks are meant by their numbers.
 *
 * An edge is open until its dependency is done and its edits, if it proposed any, are accepted, or it ended otherwise and the
 * edge says `run`: who builds on another's work needs it on disk. Edits that a person rejects count as no success. `tasks.blockers` is the number
 * of a task's open edges, whatever its own state. A dependency that ends without success and whose edge is open
 * - with `cancel` cancels the task, which is an end like any other: it goes on to those that depend on it;
 * - with `hold` leaves the task `paused` and `held`, until a person resumes it (which closes such edges) or tries the
 *   dependency again (then it waits for it again).
 * A task that was cancelled stays so when its dependency is tried again; when a person tries it again too, in whatever
 * order, it waits for the dependency, and is held as long as that one has not been tried.
 * A cancelled task takes its unfinished children with it. One cascade is one transaction, of some twenty microseconds a task.
 */
export interface Graph {
  link(number: number, edges: readonly NewEdge[]): void;
  /** Puts a task that waits where its edges and its time say, with an event; `quiet` when it is merely its turn. */
  settle(number: number, options?: { quiet?: boolean }): TaskStatus;
  /** Ends a task that waits, and all that hangs on it. */
  cancel(number: number): void;
  /** Cancels the unfinished children of a task. */
  cancelChildren(number: number): void;
  /** To be told after a task came to an end. */
  ended(number: number, status: TaskStatus): void;
  /** To be told after a person decided on what a task proposed. */
  decided(number: number, accepted: boolean): void;
  /** To be told after a task that had ended went back to the queue. */
  revived(number: number): void;
  /** Closes the edges to dependencies that ended without success: a person lets the task run anyway. */
  waive(number: number): void;
  /** Appends the event that says why a task waits. */
  tell(number: number): void;
}

interface Waiting extends WaitRow {
  id: number;
  fence: number;
}

interface Work {
  number: number;
  /** How it ended; `asked`: its cancel was asked for, which only its children hear. */
  how: TaskStatus | 'asked';
}

export function createGraph({ db, now, log }: { db: Db; now: () => number; log: EventLog }): Graph {
  const one = db.prepare<[number], Waiting>(
    `SELECT t.id, t.fence, t.status, t.attempts, t.not_before, t.blockers, t.reason, ${WAIT_COLUMNS} FROM tasks t WHERE t.id = ?`,
  );
  const insert = db.prepare<[number, number, OnFailure, number]>(
    'INSERT INTO task_dependencies (task_id, depends_on, on_failure, open) VALUES (?, ?, ?, ?)',
  );
  const dependents = db.prepare<[number], { task_id: number; on_failure: OnFailure }>(
    `SELECT task_id, on_failure FROM task_dependencies INDEXED BY task_dependencies_reverse
     WHERE depends_on = ? AND open = 1 ORDER BY task_id`,
  );
  const close = db.prepare<[task: number, on: number]>(
    'UPDATE task_dependencies SET open = 0 WHERE task_id = ? AND depends_on = ?',
  );
  const lost = db.prepare<[number], { id: number; status: TaskStatus }>(
    `SELECT o.id, o.status FROM task_dependencies d INDEXED BY task_dependencies_open
     JOIN tasks o ON o.id = d.depends_on
     WHERE d.task_id = ? AND d.open = 1 AND (o.status IN ('failed', 'cancelled') OR o.status = 'done' AND EXISTS (
       SELECT 1 FROM proposals WHERE task_id = o.id AND status = 'rejected')) ORDER BY d.depends_on`,
  );
  // One statement, because a blocked task without blockers may not be, not even for a moment.
  const unblock = db.prepare<[{ id: number; now: number }], { status: TaskStatus; blockers: number }>(
    `UPDATE tasks SET blockers = blockers - 1, status = CASE
       WHEN status <> 'blocked' OR blockers > 1 THEN status WHEN not_before > @now THEN 'delayed' ELSE 'pending' END
     WHERE id = @id RETURNING status, blockers`,
  );
  const move = db.prepare<[status: TaskStatus, held: number, reason: string | null, id: number]>(
    'UPDATE tasks SET status = ?, held = ?, reason = ? WHERE id = ?',
  );
  const askCancel = db.prepare<[number]>('UPDATE tasks SET cancel_asked = 1 WHERE id = ?');
  const openChildren = db.prepare<[number], { id: number; fence: number; status: TaskStatus; cancel_asked: number }>(
    `SELECT id, fence, status, cancel_asked FROM tasks INDEXED BY tasks_children
     WHERE parent_id = ? AND status NOT IN ('done', 'failed', 'cancelled') ORDER BY id`,
  );

  const isProposed = db.prepare<[number], { task_id: number }>(
    `SELECT task_id FROM proposals WHERE task_id = ? AND status IN ('open', 'accepting')`,
  );
  const isDone = db.prepare<[number], { id: number }>(`SELECT id FROM tasks WHERE id = ? AND status = 'done'`);
  const isHeld = db.prepare<[number], { id: number }>('SELECT id FROM tasks WHERE id = ? AND held = 1');

  const read = (number: number): Waiting => {
    const row = one.get(number);
    if (row === undefined) throw new TypeError('an edge leads to no task');
    return row;
  };

  const tell = (number: number): void => {
    const row = read(number);
    if (row.status !== 'blocked' && row.status !== 'delayed' && row.status !== 'paused' && row.status !== 'pending')
      throw new TypeError('the task does not wait');
    const reason = waitsOf(row, now()) ?? '';
    log.append(number, row.fence, { type: 'waiting', data: { status: row.status, reason } });
  };

  const settle: Graph['settle'] = (number, { quiet = false } = {}) => {
    const { blockers, not_before } = read(number);
    const gone = blockers > 0 ? lost.get(number) : undefined;
    let status: TaskStatus = not_before > now() ? 'delayed' : 'pending';
    if (blockers > 0) status = gone ? 'paused' : 'blocked';
    move.run(status, gone ? 1 : 0, gone ? heldBy(gone.id, gone.status) : null, number);
    if (!quiet || status !== 'pending') tell(number);
    return status;
  };

  const cancelOne = (number: number, fence: number): void => {
    move.run('cancelled', 0, null, number);
    log.append(number, fence, { type: 'cancelled', data: {} });
  };

  /** Depth does not matter: what is still to be told is a list, not the call stack. */
  const spread = (first: Work): void => {
    const work = [first];
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      if (next.how === 'cancelled' || next.how === 'asked') work.push(...endChildren(next.number));
      if (next.how !== 'asked') work.push(...tellDependents(next.number, next.how));
    }
  };

  const endChildren = (parent: number): Work[] =>
    openChildren.all(parent).flatMap(({ id, fence, status, cancel_asked }): Work[] => {
      if (status !== 'running') {
        cancelOne(id, fence);
        return [{ number: id, how: 'cancelled' }];
      }
      if (cancel_asked === 1) return [];
      askCancel.run(id);
      log.append(id, fence, { type: 'cancelAsked', data: {} });
      return [{ number: id, how: 'asked' }];
    });

  const tellDependents = (number: number, how: TaskStatus): Work[] =>
    dependents.all(number).flatMap(({ task_id: id, on_failure }): Work[] => {
      if (how === 'done' || on_failure === 'run') {
        close.run(id, number);
        const freed = unblock.get({ id, now: now() });
        if (freed?.blockers === 0 && (freed.status === 'pending' || freed.status === 'delayed')) tell(id);
        return [];
      }
      const { status, fence } = read(id);
      if (hasEnded(status)) return [];
      if (on_failure === 'cancel') {
        cancelOne(id, fence);
        return [{ number: id, how: 'cancelled' }];
      }
      if (status === 'blocked') settle(id);
      return [];
    });

  return {
    link(number, edges) {
      for (const edge of edges) insert.run(number, edge.number, edge.onFailure, isOpen(edge) ? 1 : 0);
    },
    settle,
    cancel(number) {
      cancelOne(number, read(number).fence);
      spread({ number, how: 'cancelled' });
    },
    cancelChildren: (number) => spread({ number, how: 'asked' }),
    ended(number, status) {
      if (status !== 'done' || !isProposed.get(number)) return spread({ number, how: status });
      for (const { task_id: id } of dependents.all(number)) if (read(id).status === 'blocked') tell(id);
    },
    decided(number, accepted) {
      // With auto-accept they are on disk before the task has ended, and its end says so.
      if (isDone.get(number)) spread({ number, how: accepted ? 'done' : 'failed' });
    },
    revived(number) {
      for (const { task_id: id } of dependents.all(number)) if (isHeld.get(id)) settle(id);
    },
    waive(number) {
      for (const { id } of lost.all(number)) {
        close.run(number, id);
        unblock.run({ id: number, now: now() });
      }
    },
    tell,
  };
}

/** Whether a task still waits for one that is as it is now. */
export const isOpen = ({ status, isProposed, onFailure }: NewEdge): boolean =>
  (status !== 'done' || isProposed) && !(hasEnded(status) && onFailure === 'run');
