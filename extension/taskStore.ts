import * as vscode from 'vscode';
import { createTaskList, type ParentId } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
import type { Connection } from './connection.ts';

const PAGE = 50;

/** The tasks that this window knows, kept up to date by the server's messages. */
export interface TaskStore extends vscode.Disposable {
  /** All that are known, newest first: a part of those that there are. */
  readonly tasks: readonly Task[];
  /** One task, or undefined: many of them. */
  readonly onDidChange: vscode.Event<Task | undefined>;
  get(id: string): Task | undefined;
  put(task: Task): void;
  /** The parts of a task, or, for null, the tasks that are part of none, as far as they were asked for; newest first. */
  level(parentId: ParentId): readonly Task[];
  /** Whether the server may know older ones of a level. */
  more(parentId: ParentId): boolean;
  /** Resolves when the first page of a level is there; starts the server if need be. */
  load(parentId: ParentId): Promise<void>;
  loadMore(parentId: ParentId): Promise<void>;
}

export function createTaskStore(connection: Connection): TaskStore {
  const list = createTaskList();
  const changed = new vscode.EventEmitter<Task | undefined>();
  const loading = new Map<ParentId, Promise<void>>();

  const put = (task: Task) => {
    if (list.put(task)) changed.fire(task);
  };
  const ask = async (parentId: ParentId, before: number | undefined) => {
    const client = await connection.connect();
    const params = before === undefined ? {} : { before };
    const { tasks } = await client.request('task/list', { parentId, limit: PAGE, ...params });
    list.page(parentId, tasks, before, tasks.length === PAGE);
    // The list forgot which parts it has, so they are asked for again by whoever shows them.
    if (parentId === null && before === undefined)
      for (const id of [...loading.keys()]) if (id !== null) loading.delete(id);
    if (parentId === null) changed.fire(undefined);
    // Who asked for a first page of parts shows it; nobody else shows them.
    else if (before !== undefined) changed.fire(list.get(parentId));
  };
  const load = (parentId: ParentId) => {
    const known = loading.get(parentId);
    if (known !== undefined) return known;
    const asked = ask(parentId, undefined);
    loading.set(parentId, asked);
    asked.catch(() => {
      if (loading.get(parentId) === asked) loading.delete(parentId);
    });
    return asked;
  };
  const subscriptions = [
    changed,
    connection.on('task/didChange', ({ task }) => put(task)),
    connection.on('backup/didRestore', () => {
      list.clear();
      loading.clear();
      load(null).catch(() => {});
    }),
    connection.on('keys/didChange', ({ state }) => {
      if (state === 'open') return;
      // Nothing of what was shown stays.
      list.clear();
      loading.clear();
      changed.fire(undefined);
    }),
    connection.onDidChangeState(({ name }) => {
      // Messages are missed while there is no server: what is known is asked for again when there is one.
      if (name === 'off' || name === 'waiting' || name === 'failed') loading.clear();
      if (name === 'running') load(null).catch(() => {});
    }),
  ];
  return {
    get tasks() {
      return list.tasks;
    },
    onDidChange: changed.event,
    get: list.get,
    put,
    level: list.level,
    more: (parentId) => list.next(parentId) !== undefined,
    load,
    loadMore: (parentId) => ask(parentId, list.next(parentId)),
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
