import * as vscode from 'vscode';
import type { Task } from '../protocol/tasks.ts';
import type { Connection } from './connection.ts';
import { createTaskList } from './taskList.ts';

const PAGE = 50;

/** The tasks that this window knows, kept up to date by the server's messages. */
export interface TaskStore extends vscode.Disposable {
  readonly tasks: readonly Task[];
  /** Whether the server may know older ones. */
  readonly more: boolean;
  /** One task, or undefined: many of them. */
  readonly onDidChange: vscode.Event<Task | undefined>;
  get(id: string): Task | undefined;
  put(task: Task): void;
  /** Resolves when the first page is there; starts the server if need be. */
  load(): Promise<void>;
  loadMore(): Promise<void>;
}

export function createTaskStore(connection: Connection): TaskStore {
  const list = createTaskList();
  const changed = new vscode.EventEmitter<Task | undefined>();
  let more = false;
  let first: Promise<void> | undefined;

  const put = (task: Task) => {
    if (list.put(task)) changed.fire(task);
  };
  const fetch = async (before: number | undefined) => {
    const client = await connection.connect();
    const params = before === undefined ? { limit: PAGE } : { limit: PAGE, before };
    const { tasks } = await client.request('task/list', params);
    list.page(tasks, before);
    more = tasks.length === PAGE;
    changed.fire(undefined);
  };
  const load = () => {
    if (first !== undefined) return first;
    const asked = fetch(undefined);
    first = asked;
    asked.catch(() => {
      if (first === asked) first = undefined;
    });
    return asked;
  };
  const subscriptions = [
    changed,
    connection.on('task/didChange', ({ task }) => put(task)),
    connection.onDidChangeState(({ name }) => {
      // Messages are missed while there is no server: what is known is asked for again when there is one.
      if (name === 'off' || name === 'waiting' || name === 'failed') first = undefined;
      if (name === 'running') load().catch(() => {});
    }),
  ];
  return {
    get tasks() {
      return list.tasks;
    },
    get more() {
      return more;
    },
    onDidChange: changed.event,
    get: list.get,
    put,
    load,
    loadMore: () => fetch(list.tasks.at(-1)?.number),
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
