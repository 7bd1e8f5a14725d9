import type { EventData, EventType, Task, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { historyTypes } from './history.ts';

/** An event before it has a place in the log. */
export type NewEvent = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

interface EventRow {
  seq: number;
  at: number;
  type: string;
  data: string;
}

/** An event with its place in the order in which all servers of the workspace committed them, and its task's row. */
export interface LoggedEvent {
  cursor: number;
  number: number;
  seq: number;
  at: number;
  event: NewEvent;
  /** The task after it, where somebody has read it already. */
  task?: Task;
}

/** The append-only log of every task. */
export interface EventLog {
  /** Inside the caller's transaction; `number` is the task's row, `fence` the lease it was written under. */
  append(number: number, fence: number, event: NewEvent): void;
  /** The same for a statement that has itself counted `last_seq` up to this one, and set `updated_at`. */
  put(number: number, fence: number, event: NewEvent, seq: number): void;
  /** Events of one task with a larger `seq`, oldest first. */
  since(number: number, after: number, limit: number): TaskEvent[];
  /** What `historyOf` and `stepsOf` need of one task's log. */
  history(number: number): TaskEvent[];
  /** Events of all tasks after a place in the whole log, oldest first. */
  tail(cursor: number, limit: number): LoggedEvent[];
  /** The newest place in the whole log; 0 when it is empty. */
  end(): number;
  /** What this connection appended since it was last forgotten, oldest first; the caller knows what of it was rolled back. */
  written(): readonly LoggedEvent[];
  /** Keeps a task as it was just read, to be told with the last event, if that is its own. */
  keep(task: Task): Task;
  /** Forgets what was written but for the oldest `kept`. */
  forget(kept: number): void;
}

export function createEventLog({ db, now }: { db: Db; now: () => number }): EventLog {
  const count = db.prepare<[at: number, id: number]>(
    'UPDATE tasks SET last_seq = last_seq + 1, updated_at = ? WHERE id = ?',
  );
  const counted = db.prepare<[id: number], { last_seq: number }>('SELECT last_seq FROM tasks WHERE id = ?');
  const insert = db.prepare<[number, number, number, string, string, number]>(
    'INSERT INTO events (task_id, seq, at, type, data, fence) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const select = 'SELECT t.uid, e.seq, e.at, e.type, e.data FROM events e JOIN tasks t ON t.id = e.task_id';
  const ofTask = db.prepare<[number, number, number], EventRow & { uid: string }>(
    `${select} WHERE e.task_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?`,
  );
  const ofRun = db.prepare<[number], EventRow & { uid: string }>(
    `${select} WHERE e.task_id = ? AND e.type IN (${historyTypes.map((type) => `'${type}'`).join(', ')}) ORDER BY e.seq`,
  );
  const ofAll = db.prepare<[number, number], EventRow & { cursor: number; number: number }>(
    'SELECT cursor, task_id AS number, seq, at, type, data FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?',
  );
  const newest = db.prepare<[], { cursor: number }>('SELECT coalesce(max(cursor), 0) AS cursor FROM events');
  const written: LoggedEvent[] = [];

  const put: EventLog['put'] = (number, fence, event, seq) => {
    const at = now();
    const { lastInsertRowid } = insert.run(number, seq, at, event.type, JSON.stringify(event.data), fence);
    written.push({ cursor: Number(lastInsertRowid), number, seq, at, event });
  };

  return {
    append(number, fence, event) {
      count.run(now(), number);
      const row = counted.get(number);
      if (row === undefined) throw new TypeError('an event needs its task');
      put(number, fence, event, row.last_seq);
    },
    put,
    since: (id, after, limit) => ofTask.all(id, after, limit).map(toEvent),
    history: (id) => ofRun.all(id).map(toEvent),
    tail: (cursor, limit) =>
      ofAll.all(cursor, limit).map(({ cursor, number, seq, at, type, data }) => ({
        ...{ cursor, number, seq, at },
        event: { type, data: JSON.parse(data) } as NewEvent,
      })),
    end: () => newest.get()?.cursor ?? 0,
    written: () => written,
    keep(task) {
      const last = written.at(-1);
      if (last?.number === task.number) last.task = task;
      return task;
    },
    forget(kept) {
      written.length = kept;
    },
  };
}

const toEvent = ({ uid, seq, at, type, data }: EventRow & { uid: string }): TaskEvent =>
  // Only NewEvents are ever appended.
  ({ taskId: uid, seq, at, type, data: JSON.parse(data) }) as TaskEvent;
