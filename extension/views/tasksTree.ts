import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import { shownFiles } from '../../protocol/proposalFiles.ts';
import { type ParentId, waitsForReview } from '../../protocol/taskList.ts';
import type { Task } from '../../protocol/tasks.ts';
import { plural } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { problemText } from '../problem.ts';
import type { TaskStore } from '../taskStore.ts';
import { createThrottle, type Throttle } from '../throttle.ts';
import { workspaceFolder } from '../workspace.ts';
import { serverRows } from './serverRows.ts';
import { dependencyItem, fileItem, moreItem, stepItem, type TaskNode, type TaskRow, taskItem } from './taskRows.ts';
import { lastSteps, type Step } from './taskSteps.ts';

const REFRESH_MS = 250;
const STEPS = 5;
/** Events to look back through for the last steps. */
const STEP_EVENTS = 300;
/** Tasks that one waits for, each a row; the others are counted. */
const DEPENDENCIES = 10;

export class TasksTree implements vscode.TreeDataProvider<TaskRow>, vscode.Disposable {
  readonly view: vscode.TreeView<TaskRow>;
  readonly #connection: Connection;
  readonly #store: TaskStore;
  /** VS Code knows rows by identity: one object a task, as long as the tree lives. */
  readonly #nodes = new Map<string, { node: TaskNode; refresh: Throttle }>();
  readonly #changed = new vscode.EventEmitter<TaskRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #refresh = createThrottle(() => this.#changed.fire(undefined), REFRESH_MS);
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection, store: TaskStore) {
    this.#connection = connection;
    this.#store = store;
    this.view = vscode.window.createTreeView('ospain2.tasks', { treeDataProvider: this, canSelectMany: true });
    this.#subscriptions = vscode.Disposable.from(
      this.view,
      this.#changed,
      this.#refresh,
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire(undefined)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire(undefined)),
      store.onDidChange((task) => this.#show(task)),
      connection.onDidChangeState((state) => {
        this.view.message = state.name === 'failed' ? problemText(state.problem) : '';
        if (state.name === 'failed') this.#changed.fire(undefined);
      }),
    );
  }

  async getChildren(row?: TaskRow): Promise<TaskRow[]> {
    if (row !== undefined) return row.type === 'task' ? this.#below(row.taskId) : [];
    if (workspaceFolder() === undefined) return [];
    const rows = serverRows(this.#connection.state);
    if (rows.length > 0) return rows.map((item) => ({ type: 'server', item }));
    // A failed start is told through the connection's state.
    await this.#store.load(null).catch(() => {});
    return this.#level(null);
  }

  getParent(row: TaskRow): TaskRow | undefined {
    switch (row.type) {
      case 'task':
        return this.#parent(this.#store.get(row.taskId)?.parentId);
      case 'more':
        return this.#parent(row.parentId);
      case 'dependency':
        return this.#parent(row.dependentId);
      case 'server':
        return undefined;
      default:
        return this.#parent(row.taskId);
    }
  }

  getTreeItem(row: TaskRow): vscode.TreeItem {
    switch (row.type) {
      case 'task':
        return taskItem(row, this.#store.get(row.taskId));
      case 'file':
        return fileItem(row);
      case 'step':
        return stepItem(row.step);
      case 'dependency':
        return dependencyItem(row);
      case 'more':
        return moreItem(row);
      case 'server':
        return row.item;
    }
  }

  /** Brings the task into sight and selects it, if it is listed; where the person types is left alone. */
  async reveal(task: Task): Promise<void> {
    await this.#store.load(null);
    if (task.parentId !== null) await this.#store.load(task.parentId);
    this.#store.put(task);
    if (!this.#isListed(task)) return;
    // VS Code reveals only rows that it was given: it asks for them anew first, also where a refresh is being held back.
    this.#changed.fire(undefined);
    const { node } = this.#node(task.id);
    const show = () => this.view.reveal(node, { select: true, focus: false });
    // A refresh on its way makes VS Code forget the rows that it is looking through; once more it finds them.
    await show().then(undefined, show);
  }

  dispose(): void {
    for (const { refresh } of this.#nodes.values()) refresh.dispose();
    this.#subscriptions.dispose();
  }

  #node(taskId: string): { node: TaskNode; refresh: Throttle } {
    const known = this.#nodes.get(taskId);
    if (known !== undefined) return known;
    const node: TaskNode = { type: 'task', taskId };
    const fresh = { node, refresh: createThrottle(() => this.#changed.fire(node), REFRESH_MS) };
    this.#nodes.set(taskId, fresh);
    return fresh;
  }

  #parent(taskId: ParentId | undefined): TaskNode | undefined {
    return typeof taskId === 'string' ? this.#node(taskId).node : undefined;
  }

  /** Whether it has a row, as all tasks above it must; VS Code opens these on the way. */
  #isListed({ id, parentId }: Task): boolean {
    if (!this.#store.level(parentId).some((task) => task.id === id)) return false;
    if (parentId === null) return true;
    const parent = this.#store.get(parentId);
    return parent !== undefined && this.#isListed(parent);
  }

  #show(task: Task | undefined): void {
    const proposals = this.#store.tasks.filter(waitsForReview).length;
    const asking = this.#store.tasks.filter(({ approval }) => approval !== null).length;
    const tooltip = [
      ...(proposals === 0 ? [] : [plural('{0} proposal to review|{0} proposals to review', proposals)]),
      ...(asking === 0 ? [] : [plural('{0} task to answer|{0} tasks to answer', asking)]),
    ].join(', ');
    this.view.badge = tooltip === '' ? undefined : { value: proposals + asking, tooltip };
    if (task === undefined) this.#refresh();
    else if (this.#nodes.has(task.id)) this.#node(task.id).refresh();
    else if (task.parentId === null) this.#refresh();
    else this.#nodes.get(task.parentId)?.refresh();
  }

  #level(parentId: ParentId): TaskRow[] {
    const tasks: TaskRow[] = this.#store.level(parentId).map(({ id }) => this.#node(id).node);
    return this.#store.more(parentId) ? [...tasks, { type: 'more', parentId }] : tasks;
  }

  /** Files of the proposal, the tasks that it waits for, the last steps, and then its parts. */
  async #below(taskId: string): Promise<TaskRow[]> {
    const task = this.#store.get(taskId);
    if (task === undefined) return [];
    const client = await this.#connection.connect();
    const [log, files, awaited] = await Promise.all([
      client.request('task/events', { taskId, after: Math.max(0, task.lastSeq - STEP_EVENTS) }),
      task.proposal === null
        ? []
        : client.request('proposal/show', { taskId }).then(({ proposal }) => shownFiles(proposal)),
      this.#awaited(client, task),
      task.children.total === 0 ? undefined : this.#store.load(taskId),
    ]);
    const left = task.dependsOn.length - awaited.length;
    const steps = [...(left > 0 ? [leftOut(left)] : []), ...lastSteps(log.events, STEPS)];
    return [
      ...files.map((file): TaskRow => ({ type: 'file', taskId, ...file })),
      ...awaited,
      ...steps.map((step): TaskRow => ({ type: 'step', taskId, step })),
      ...this.#level(taskId),
    ];
  }

  #awaited(client: Client, { id, dependsOn }: Task): Promise<TaskRow[]> {
    const rows = dependsOn.slice(0, DEPENDENCIES).map(async ({ taskId, onFailure }): Promise<TaskRow> => {
      const task = this.#store.get(taskId) ?? (await client.request('task/show', { taskId })).task;
      return { type: 'dependency', taskId, dependentId: id, task, onFailure };
    });
    return Promise.all(rows);
  }
}

function leftOut(count: number): Step {
  const label = plural('after {0} more task|after {0} more tasks', count);
  return {
    label,
    description: '',
    icon: 'ellipsis',
    spoken: plural('Starts after {0} more task|Starts after {0} more tasks', count),
  };
}
