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

/**
 * A place in what all servers of the workspace committed: the newest event before it, and the newest task, whose row is its
 * first event.
 */
export interface Place {
  cursor: number;
  number: number;
}

/** An event with its place, and its task's row. */
export interface LoggedEvent {
  /** Null for the first event of a task, which has its place among the tasks. */
  cursor: number | null;
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
  /** The first event of a task: its row, which the caller has written, says all of it. */
  submitted(number: number, at: number, data: EventData<'submitted'>): void;
  /** Events of one task with a larger `seq`, oldest first. */
  since(number: number, after: number, limit: number): TaskEvent[];
  /** What `historyOf` and `stepsOf` need of one task's log. */
  history(number: number): TaskEvent[];
  /**
   * What was committed after a place: the tasks that came, then events, each oldest first. `place` is where that ends;
   * when there may be more, `more` is true.
   */
  tail(after: Place, limit: number): { logged: LoggedEvent[]; place: Place; more: boolean };
  /** The place after all that is committed. */
  end(): Place;
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
  const named = db.prepare<[number], { uid: string }>('SELECT uid FROM tasks WHERE id = ?');
  const ofTask = db.prepare<[{ number: number; after: number; limit: number }], EventRow>(
    `SELECT seq, at, type, data FROM submissions WHERE task_id = @number AND @after < 1 UNION ALL
     SELECT seq, at, type, data FROM events WHERE task_id = @number AND seq > @after ORDER BY seq LIMIT @limit`,
  );
  const ofRun = db.prepare<[number], EventRow>(
    `SELECT seq, at, type, data FROM events
     WHERE task_id = ? AND type IN (${historyTypes.map((type) => `'${type}'`).join(', ')}) ORDER BY seq`,
  );
  const ofAll = db.prepare<[number, number], EventRow & { cursor: number; number: number }>(
    'SELECT cursor, task_id AS number, seq, at, type, data FROM events WHERE cursor > ? ORDER BY cursor LIMIT ?',
  );
  const came = db.prepare<[number, number], EventRow & { cursor: null; number: number }>(
    'SELECT NULL AS cursor, task_id AS number, seq, at, type, data FROM submissions WHERE task_id > ? ORDER BY task_id LIMIT ?',
  );
  const newest = db.prepare<[], Place>(
    'SELECT coalesce(max(cursor), 0) AS cursor, (SELECT coalesce(max(id), 0) FROM tasks) AS number FROM events',
  );
  const written: LoggedEvent[] = [];

  const toEventOf = (number: number) => {
    const { uid: taskId = '' } = named.get(number) ?? {};
    // Only NewEvents are ever appended.
    return ({ seq, at, type, data }: EventRow) => ({ taskId, seq, at, type, data: JSON.parse(data) }) as TaskEvent;
  };

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
    submitted(number, at, data) {
      written.push({ cursor: null, number, seq: 1, at, event: { type: 'submitted', data } });
    },
    since: (number, after, limit) => ofTask.all({ number, after, limit }).map(toEventOf(number)),
    history: (number) => ofRun.all(number).map(toEventOf(number)),
    tail(after, limit) {
      const events = ofAll.all(after.cursor, limit);
      // Read behind the events, so that no event is told before its task.
      const tasks = came.all(after.number, limit);
      const number = tasks.at(-1)?.number ?? after.number;
      if (tasks.length === limit) return { logged: tasks.map(toLogged), place: { ...after, number }, more: true };
      const place = { cursor: events.at(-1)?.cursor ?? after.cursor, number };
      return { logged: [...tasks, ...events].map(toLogged), place, more: events.length === limit };
    },
    end: () => newest.get() ?? { cursor: 0, number: 0 },
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

type LoggedRow = EventRow & Pick<LoggedEvent, 'cursor' | 'number'>;

const toLogged = ({ cursor, number, seq, at, type, data }: LoggedRow): LoggedEvent => ({
  ...{ cursor, number, seq, at },
  event: { type, data: JSON.parse(data) } as NewEvent,
});
