import type { Task, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { EventLog } from './eventLog.ts';

/**
 * What happened to one task: committed events in order, and the task as it is after them. Without events it is the
 * parent of a task that came or ended, since it counts its children.
 */
export type ChangeListener = (change: { events: TaskEvent[]; task: Task }) => void;

/**
 * Hands every committed event to listeners, once and in the order of commits, whichever server of the workspace wrote
 * it. It reads the log behind a cursor, so an event that was rolled back is never seen.
 */
export interface Feed {
  /** Hands on what was committed since the last call. */
  pump(): void;
  /** The same, when another connection has committed something, and says whether it has; cheap otherwise. */
  poll(): boolean;
  listen(listener: ChangeListener): () => void;
}

/** Events that are read at once. */
const BATCH = 500;

/** Events after which a parent counts its children anew. */
const counted: ReadonlySet<string> = new Set(['submitted', 'retry', 'done', 'failed', 'cancelled']);

export function createFeed({ db, log, task }: { db: Db; log: EventLog; task: (id: string) => Task }): Feed {
  const listeners = new Set<ChangeListener>();
  // In this order: what is committed between the two is then read once too often rather than never.
  let version = guarded(() => dataVersion(db));
  let cursor = guarded(() => log.end());
  let pumping = false;
  let asked = false;

  const handOn = (events: TaskEvent[]) => {
    const [first] = events;
    if (first === undefined) return;
    const told = task(first.taskId);
    for (const listener of [...listeners]) tell(listener, { events, task: told });
    if (told.parentId === null || !events.some(({ type }) => counted.has(type))) return;
    const parent = task(told.parentId);
    for (const listener of [...listeners]) tell(listener, { events: [], task: parent });
  };

  const pump = () => {
    // A listener that writes comes back here: the round that is running reads once more for it.
    asked = true;
    if (pumping) return;
    pumping = true;
    try {
      while (asked) {
        asked = false;
        const batch = log.tail(cursor, BATCH);
        cursor = batch.at(-1)?.cursor ?? cursor;
        for (const run of runsOfOneTask(batch.map(({ event }) => event))) handOn(run);
        asked ||= batch.length === BATCH;
      }
    } catch (thrown) {
      // What led here is committed, so the caller must not hear that it failed; the next round reads on.
      process.emitWarning(`The event log could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    } finally {
      pumping = false;
    }
  };

  return {
    pump,
    poll() {
      const seen = guarded(() => dataVersion(db));
      if (seen === version) return false;
      pump();
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
function tell(listener: ChangeListener, change: Parameters<ChangeListener>[0]): void {
  try {
    listener(change);
  } catch (thrown) {
    process.emitWarning(thrown instanceof Error ? thrown : String(thrown));
  }
}

function runsOfOneTask(events: readonly TaskEvent[]): TaskEvent[][] {
  const runs: TaskEvent[][] = [];
  for (const event of events) {
    const run = runs.at(-1);
    if (run?.[0]?.taskId === event.taskId) run.push(event);
    else runs.push([event]);
  }
  return runs;
}

/** Changes when another connection commits; the own one's commits leave it. */
const dataVersion = (db: Db): unknown => db.pragma('data_version', { simple: true });
