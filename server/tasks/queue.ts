import type { EventData, EventType, QueueState, Task, TaskEvent } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { createPresence } from '../storage/presence.ts';
import { guarded } from '../storage/storageErrors.ts';
import { type Commits, createCommits } from './commits.ts';
import { type Control, createControl } from './control.ts';
import { createEventLog, type NewEvent } from './eventLog.ts';
import { type ChangeListener, createFeed } from './feed.ts';
import { createGraph } from './graph.ts';
import { createLanes } from './lanes.ts';
import { createLeases, type Leases } from './leases.ts';
import { createListing, type Listing } from './listing.ts';
import { createNeighbours, type Neighbours } from './neighbours.ts';
import { createRetention, type Retention } from './retention.ts';
import { createSearch, type Search } from './search.ts';
import { createSubmission, type Submission } from './submission.ts';
import { createTasks } from './tasks.ts';

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
export interface Queue extends Leases, Submission, Control, Listing, Search, Neighbours, Retention {
  get(ref: string): Task;
  /** Events with a larger `seq`, oldest first. */
  events(ref: string, after?: number, limit?: number): TaskEvent[];
  state(): QueueState;
  /** While the queue is paused no task starts, on any server of the workspace; what runs goes on to its end. */
  setPaused(paused: boolean): QueueState;
  /** Unix milliseconds at which the next delayed task is due; null when none waits. */
  nextDue(): number | null;
  /** Appends an event that no attempt writes, such as a person's decision on a proposal, for which others may wait. */
  append<T extends EventType>(ref: string, type: T, data: EventData<T>): void;
  /** Runs a change in one transaction; events appended in it are told after it. */
  transact: Commits['commit'];
  allOrNone: Commits['allOrNone'];
  together: Commits['together'];
  /** Tells listeners what other servers wrote since the last look. */
  poll(): void;
  listen(listener: ChangeListener): () => void;
  /** Tells when the queue was paused or resumed, by any server. */
  onState(listener: (state: QueueState) => void): () => void;
  /** Tells that another server of the workspace committed something, whatever it is; again, when the listener threw. */
  onOthersCommit(listener: () => void): () => void;
}

export function createQueue({ db, now, onChange }: QueueDeps): Queue {
  const log = createEventLog({ db, now });
  const tasks = createTasks({ db, now });
  const lanes = createLanes({ db });
  const graph = createGraph({ db, now, log });
  const feed = createFeed({ db, log, tasks });
  const { commit, allOrNone, together } = createCommits({ db, log, feed, assertPresent: createPresence(db.name) });
  const due = db.prepare<[], { due: number | null }>(
    `SELECT min(not_before) AS due FROM tasks INDEXED BY tasks_delayed WHERE status = 'delayed'`,
  );
  const isPaused = db.prepare<[], { paused: number }>('SELECT paused FROM workspace');
  const setPaused = db.prepare<[number]>('UPDATE workspace SET paused = ?');

  feed.listen(onChange);

  const listing = createListing({ db, tasks, lanes });
  const search = createSearch({ db, tasks });
  const neighbours = createNeighbours({ db, tasks });
  const submission = createSubmission({ db, now, log, tasks, graph, commit });
  const othersListeners = new Set<() => void>();
  /** Others committed something that not every listener has taken yet. */
  let behind = false;
  const stateListeners = new Set<(state: QueueState) => void>();
  const readPaused = () => guarded(() => isPaused.get()?.paused === 1);
  let seenPaused = readPaused();

  const state = (): QueueState => ({ paused: readPaused(), counts: guarded(listing.counts) });
  const tellState = () => {
    const now = state();
    if (now.paused === seenPaused) return;
    seenPaused = now.paused;
    for (const listener of [...stateListeners]) listener(now);
  };

  return {
    ...createLeases({ db, now, log, tasks, graph, lanes, commit }),
    ...createControl({ db, log, tasks, graph, commit }),
    ...createRetention({ db, commit }),
    submit: submission.submit,
    duplicate: submission.duplicate,
    list: (params) => guarded(() => listing.list(params)),
    counts: () => guarded(listing.counts),
    search: (params) => guarded(() => search.search(params)),
    around: (ref, limit) => guarded(() => neighbours.around(ref, limit)),
    get: (ref) => guarded(() => tasks.get(ref)),
    events: (ref, after = 0, limit = 1000) => guarded(() => log.since(tasks.row(ref).id, after, limit)),
    state,
    setPaused(paused) {
      commit(() => setPaused.run(paused ? 1 : 0));
      tellState();
      return state();
    },
    nextDue: () => guarded(() => due.get()?.due ?? null),
    append: (ref, type, data) =>
      commit(() => {
        const { id, fence } = tasks.row(ref);
        const event = { type, data } as NewEvent;
        log.append(id, fence, event);
        if (event.type !== 'proposal') return;
        const { status } = event.data;
        if (status === 'accepted' || status === 'rejected') graph.decided(id, status === 'accepted');
      }),
    transact: commit,
    allOrNone,
    together,
    poll() {
      if (feed.poll()) behind = true;
      if (!behind) return;
      tellState();
      for (const listener of [...othersListeners]) listener();
      behind = false;
    },
    listen: feed.listen,
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    onOthersCommit(listener) {
      othersListeners.add(listener);
      return () => othersListeners.delete(listener);
    },
  };
}
