import type { Task, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { EventLog, LoggedEvent } from './eventLog.ts';
import type { Tasks } from './tasks.ts';

/**
 * What happened to one task: committed events in order, and the task as it is after them. Without events it is the
 * parent of a task that came or ended, since it counts its children.
 */
export interface Change {
  events: TaskEvent[];
  task: Task;
}

export type ChangeListener = (change: Change) => void;

/** What a transaction of this connection wrote; nobody is told before it is committed. */
export interface Written {
  /** Places of its events in the whole log. */
  first: number;
  last: number;
  changes: Change[];
}

/** Hands every committed event to listeners, once and in the order of commits, whichever server of the workspace wrote it. */
export interface Feed {
  /** Makes ready what an ending transaction wrote, still inside it, so that telling it needs no further reading. */
  prepare(written: readonly LoggedEvent[]): Written | undefined;
  /** To be told after the commit. */
  committed(written: Written): void;
  /** Hands on what other connections have committed, and says whether they have; cheap when they have not. */
  poll(): boolean;
  listen(listener: ChangeListener): () => void;
}

/** Events that are read at once. */
const BATCH = 500;

/** Events after which a parent counts its children anew. */
const counted: ReadonlySet<string> = new Set(['submitted', 'retry', 'done', 'failed', 'cancelled']);

export function createFeed({ db, log, tasks }: { db: Db; log: EventLog; tasks: Tasks }): Feed {
  const listeners = new Set<ChangeListener>();
  // In this order: what is committed between the two is then read once too often rather than never.
  let version = guarded(() => dataVersion(db));
  /** The place of the last event that was told or is about to be. */
  let cursor = guarded(() => log.end());
  const due: Change[] = [];
  let telling = false;

  /** A listener that writes comes back here: the round that is running tells that too, after what came before it. */
  const tellAll = () => {
    if (telling) return;
    telling = true;
    for (let change = due.shift(); change !== undefined; change = due.shift())
      for (const listener of [...listeners]) tell(listener, change);
    telling = false;
  };

  const changesOf = (logged: readonly LoggedEvent[]): Change[] =>
    runsOfOneTask(logged).flatMap(([number, run]): Change[] => {
      const task = run.at(-1)?.task ?? tasks.read(number);
      const change = { events: run.map((event) => toEvent(task.id, event)), task };
      if (task.parentId === null || !run.some(({ event }) => counted.has(event.type))) return [change];
      return [change, { events: [], task: tasks.get(task.parentId) }];
    });

  const catchUp = () => {
    try {
      for (let more = true; more; ) {
        const batch = guarded(() => log.tail(cursor, BATCH));
        const changes = guarded(() => changesOf(batch));
        cursor = batch.at(-1)?.cursor ?? cursor;
        due.push(...changes);
        tellAll();
        more = batch.length === BATCH;
      }
    } catch (thrown) {
      // What led here is committed, so the caller must not hear that it failed; the next round reads on.
      process.emitWarning(`The event log could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
  };

  return {
    prepare(written) {
      const [first, last] = [written[0], written.at(-1)];
      return first && last && { first: first.cursor, last: last.cursor, changes: changesOf(written) };
    },
    committed({ first, last, changes }) {
      // Others have committed in between: they come first.
      if (first !== cursor + 1) return catchUp();
      cursor = last;
      due.push(...changes);
      tellAll();
    },
    poll() {
      const seen = guarded(() => dataVersion(db));
      if (seen === version) return false;
      catchUp();
      version = seen;
      return true;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** One listener's defect must neither undo an answer nor keep the others from hearing. */
function tell(listener: ChangeListener, change: Change): void {
  try {
    listener(change);
  } catch (thrown) {
    process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
  }
}

function runsOfOneTask(logged: readonly LoggedEvent[]): [number: number, run: LoggedEvent[]][] {
  const runs: [number, LoggedEvent[]][] = [];
  for (const event of logged) {
    const run = runs.at(-1);
    if (run?.[0] === event.number) run[1].push(event);
    else runs.push([event.number, [event]]);
  }
  return runs;
}

const toEvent = (taskId: string, { seq, at, event: { type, data } }: LoggedEvent): TaskEvent =>
  ({ taskId, seq, at, type, data }) as TaskEvent;

/** Changes when another connection commits; the own one's commits leave it. */
const dataVersion = (db: Db): unknown => db.pragma('data_version', { simple: true });
