import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Client } from '../../protocol/client.ts';
import type { Task } from '../../protocol/tasks.ts';

/** The parts of a task, or, for null, the tasks that are part of none. */
export type ParentId = string | null;

/** What is known of a level: its newest tasks without gaps. */
export interface Level {
  /** Newest first. */
  readonly ids: readonly string[];
  /** How many there are, known or not. */
  readonly total: number;
  readonly loading: boolean;
  /** What the last page failed with. */
  readonly error: unknown;
}

export interface TasksState {
  /** Always the same map; what is in it changes. Select a task, not the map. */
  readonly tasks: ReadonlyMap<string, Task>;
  readonly levels: ReadonlyMap<ParentId, Level>;
}

export interface TasksStore extends StoreApi<TasksState> {
  /** Loads the first page of a level unless it is known. */
  open(parentId: ParentId): void;
  /** Loads the next page of a level, unless one is on its way or it is known to its end. */
  more(parentId: ParentId): void;
  /** Takes in what an answer of the server said of a task. */
  put(task: Task): void;
  /** Asks for all again that was known: for a line that was away. */
  resync(): void;
  dispose(): void;
}

export interface TasksDeps {
  readonly client: Client;
  /** Calls back once, soon: many messages in between are drawn as one. */
  readonly soon: (callback: () => void) => void;
}

const PAGE = 500;
/** The most that the server gives at once. */
const MOST = 1000;

export function createTasksStore({ client, soon }: TasksDeps): TasksStore {
  const tasks = new Map<string, Task>();
  const store = createStore<TasksState>(() => ({ tasks, levels: new Map() }));
  const heard = new Map<string, Task>();
  /** Grows with each resync: pages that were asked for before are not of it. */
  let era = 0;

  const level = (parentId: ParentId): Level | undefined => store.getState().levels.get(parentId);
  const setLevel = (parentId: ParentId, change: Partial<Level>) => {
    const levels = new Map(store.getState().levels);
    levels.set(parentId, { ...unknown, ...levels.get(parentId), ...change });
    store.setState({ levels });
  };
  const take = (incoming: readonly Task[]): Task[] => {
    const fresh = incoming.filter((task) => isNewer(task, tasks.get(task.id)));
    for (const task of fresh) tasks.set(task.id, task);
    return fresh;
  };
  const flush = () => {
    const incoming = [...heard.values()];
    heard.clear();
    const unheard = new Set(incoming.filter(({ id }) => !tasks.has(id)).map(({ id }) => id));
    if (take(incoming).length === 0) return;
    const levels = new Map(store.getState().levels);
    for (const task of incoming.sort((one, other) => one.number - other.number)) {
      const known = levels.get(task.parentId);
      if (known === undefined || !unheard.has(task.id)) continue;
      const newest = tasks.get(known.ids[0] ?? '');
      // Older than all that is listed, or than what is on its way: it comes with its page.
      if (newest !== undefined && task.number < newest.number) continue;
      levels.set(task.parentId, { ...known, ids: [task.id, ...known.ids], total: known.total + 1 });
    }
    store.setState({ levels });
  };
  const put = (task: Task) => {
    const waiting = heard.get(task.id);
    if (!isNewer(task, waiting)) return;
    heard.set(task.id, task);
    if (heard.size === 1) soon(flush);
  };
  const load = async (parentId: ParentId, before: number | undefined, limit: number) => {
    const mine = era;
    setLevel(parentId, { loading: true, error: undefined });
    try {
      const page = await client.request('task/list', { parentId, limit, ...(before === undefined ? {} : { before }) });
      if (mine !== era) return;
      flush();
      take(page.tasks);
      const ids = page.tasks.map(({ id }) => id);
      const known = level(parentId)?.ids ?? [];
      const newer = before === undefined ? newerThan(page.tasks[0], known, tasks) : known;
      // What came on its own after the server had counted is not in its count.
      const total = page.total + (before === undefined ? newer.length : 0);
      setLevel(parentId, { ids: [...newer, ...ids], total, loading: false });
    } catch (error) {
      if (mine === era) setLevel(parentId, { loading: false, error });
    }
  };
  const open = (parentId: ParentId) => {
    if (level(parentId) === undefined) void load(parentId, undefined, PAGE);
  };
  const stop = client.on('task/didChange', ({ task }) => put(task));

  return {
    ...store,
    open,
    put,
    more(parentId) {
      const known = level(parentId);
      if (known === undefined) return open(parentId);
      if (known.loading || known.ids.length >= known.total) return;
      void load(parentId, tasks.get(known.ids.at(-1) ?? '')?.number, MOST);
    },
    resync() {
      era += 1;
      heard.clear();
      for (const parentId of [...store.getState().levels.keys()]) void load(parentId, undefined, PAGE);
    },
    dispose: stop,
  };
}

const unknown: Level = { ids: [], total: 0, loading: false, error: undefined };

/** Snapshots may overtake each other: of one task, the one with fewer events is older, then the one written earlier. */
const isNewer = (task: Task, known: Task | undefined): boolean =>
  known === undefined ||
  (task.lastSeq === known.lastSeq ? task.updatedAt >= known.updatedAt : task.lastSeq > known.lastSeq);

/** What came on its own while a first page was on its way. */
function newerThan(first: Task | undefined, known: readonly string[], tasks: ReadonlyMap<string, Task>) {
  return known.filter((id) => (tasks.get(id)?.number ?? 0) > (first?.number ?? 0));
}
