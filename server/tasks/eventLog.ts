import type { EventData, EventType, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { historyTypes } from './history.ts';

/** An event before it has a place in the log. */
export type NewEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

interface EventRow {
  cursor: number;
  uid: string;
  seq: number;
  at: number;
  type: string;
  data: string;
}

/** A task's row id and an event, in the order in which all servers of the workspace committed them. */
export interface LoggedEvent {
  cursor: number;
  event: TaskEvent;
}

/** The append-only log of every task. */
export interface EventLog {
  /** Inside the caller's transaction; `number` is the task's row, `fence` the lease it was written under. */
  append(number: number, fence: number, event: NewEvent): void;
  /** Events of one task with a larger `seq`, oldest first. */
  since(number: number, after: number, limit: number): TaskEvent[];
  /** What `historyOf` and `stepsOf` need of one task's log. */
  history(number: number): TaskEvent[];
  /** Events of all tasks after a place in the whole log, oldest first. */
  tail(cursor: number, limit: number): LoggedEvent[];
  /** The newest place in the whole log; 0 when it is empty. */
  end(): number;
}

export function createEventLog({ db, now }: { db: Db; now: () => number }): EventLog {
  const number = db.prepare<[at: number, id: number], { last_seq: number }>(
    'UPDATE tasks SET last_seq = last_seq + 1, updated_at = ? WHERE id = ? RETURNING last_seq',
  );
  const insert = db.prepare<[number, number, number, string, string, number]>(
    'INSERT INTO events (task_id, seq, at, type, data, fence) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = 'SELECT e.cursor, t.uid, e.seq, e.at, e.type, e.data FROM events e JOIN tasks t ON t.id = e.task_id';
  const ofTask = db.prepare<[number, number, number], EventRow>(
    `${select} WHERE e.task_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const ofRun = db.prepare<[number], EventRow>(
    `${select} WHERE e.task_id = ? AND e.type IN (${historyTypes.map((type) => `'${type}'`).join(', ')}) ORDER BY e.seq`,
  );
  const ofAll = db.prepare<[number, number], EventRow>(`${select} WHERE e.cursor > ? ORDER BY e.cursor LIMIT ?`);
  const newest = db.prepare<[], { cursor: number }>('SELECT coalesce(max(cursor), 0) AS cursor FROM events');

  return {
    append(id, fence, { type, data }) {
      const at = now();
      const row = number.get(at, id);
      if (row === undefined) throw new TypeError('an event needs its task');
      insert.run(id, row.last_seq, at, type, JSON.stringify(data), fence);
    },
    since: (id, after, limit) => ofTask.all(id, after, limit).map(toEvent),
    history: (id) => ofRun.all(id).map(toEvent),
    tail: (cursor, limit) => ofAll.all(cursor, limit).map((row) => ({ cursor: row.cursor, event: toEvent(row) })),
    end: () => newest.get()?.cursor ?? 0,
  };
}

const toEvent = ({ uid, seq, at, type, data }: EventRow): TaskEvent =>
  // Only NewEvents are ever appended.
  ({ taskId: uid, seq, at, type, data: JSON.parse(data) }) as TaskEvent;
