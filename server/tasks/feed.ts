import type { Task, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { EventLog, LoggedEvent, Place } from './eventLog.ts';
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
  logged: readonly LoggedEvent[];
  changes: Change[];
}

/**
 * Hands every committed event to listeners, once and in the order of commits, whichever server of the workspace wrote it;
 * of what others wrote, the tasks that came are told before what happened to tasks.
 */
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
  /** Behind the last event that was told or is about to be. */
  let place = guarded(() => log.end());
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
        const batch = guarded(() => log.tail(place, BATCH));
        const changes = guarded(() => changesOf(batch.logged));
        place = batch.place;
        due.push(...changes);
        tellAll();
        more = batch.more;
      }
    } catch (thrown) {
      // What led here is committed, so the caller must not hear that it failed; the next round reads on.
      process.emitWarning(`The event log could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
  };

  return {
    prepare: (logged) => (logged.length === 0 ? undefined : { logged, changes: changesOf(logged) }),
    committed({ logged, changes }) {
      const behind = placeBehind(logged, place);
      // Others have committed in between: they come first.
      if (behind === undefined) return catchUp();
      place = behind;
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

/** Where events end that directly follow a place; undefined when they do not, or belong to a task that is not told yet. */
function placeBehind(logged: readonly LoggedEvent[], { cursor, number }: Place): Place | undefined {
  for (const event of logged) {
    if (event.cursor === null) number += 1;
    else cursor += 1;
    const follows = event.cursor === null ? event.number === number : event.cursor === cursor && event.number <= number;
    if (!follows) return undefined;
  }
  return { cursor, number };
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
