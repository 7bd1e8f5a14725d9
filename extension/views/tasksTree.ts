import * as vscode from 'vscode';
import type { Task } from '../../protocol/tasks.ts';
import type { Connection } from '../connection.ts';
import { problemText } from '../problem.ts';
import { waitsForReview } from '../taskList.ts';
import type { TaskStore } from '../taskStore.ts';
import { createThrottle, type Throttle } from '../throttle.ts';
import { fileUri, workspaceFolder } from '../workspace.ts';
import { clock } from './clock.ts';
import { counted } from './quantities.ts';
import { serverRows } from './serverRows.ts';
import { taskLook } from './taskItem.ts';
import { lastSteps, type Step } from './taskSteps.ts';
import { applyLook } from './treeItem.ts';

/** A row. Commands of the row get it as their argument. */
export type TaskRow =
  | { readonly type: 'task'; readonly taskId: string }
  | { readonly type: 'file'; readonly taskId: string; readonly path: string; readonly added: boolean }
  | { readonly type: 'step'; readonly taskId: string; readonly step: Step }
  | { readonly type: 'more' }
  | { readonly type: 'server'; readonly item: vscode.TreeItem };

type TaskNode = Extract<TaskRow, { type: 'task' }>;

const REFRESH_MS = 250;
const STEPS = 5;
/** Events to look back through for the last steps. */
const STEP_EVENTS = 300;

export class TasksTree implements vscode.TreeDataProvider<TaskRow>, vscode.Disposable {
  readonly view: vscode.TreeView<TaskRow>;
  readonly #connection: Connection;
  readonly #store: TaskStore;
  /** VS Code knows rows by identity: one object a task, as long as the tree lives. */
  readonly #nodes = new Map<string, { node: TaskNode; refresh: Throttle }>();
  readonly #changed = new vscode.EventEmitter<TaskRow | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection, store: TaskStore) {
    this.#connection = connection;
    this.#store = store;
    this.view = vscode.window.createTreeView('ospain2.tasks', { treeDataProvider: this });
    this.#subscriptions = vscode.Disposable.from(
      this.view,
      this.#changed,
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
    if (workspaceFolder() === undefined || !vscode.workspace.isTrusted) return [];
    const rows = serverRows(this.#connection.state);
    if (rows.length > 0) return rows.map((item) => ({ type: 'server', item }));
    // A failed start is told through the connection's state.
    await this.#store.load().catch(() => {});
    const tasks: TaskRow[] = this.#store.tasks.map(({ id }) => this.#node(id).node);
    return this.#store.more ? [...tasks, { type: 'more' }] : tasks;
  }

  getParent(row: TaskRow): TaskRow | undefined {
    return row.type === 'file' || row.type === 'step' ? this.#node(row.taskId).node : undefined;
  }

  getTreeItem(row: TaskRow): vscode.TreeItem {
    switch (row.type) {
      case 'task':
        return taskItem(row, this.#store.get(row.taskId));
      case 'file':
        return fileItem(row);
      case 'step':
        return stepItem(row.step);
      case 'more':
        return moreItem();
      case 'server':
        return row.item;
    }
  }

  /** Brings the task into sight and selects it; where the person types is left alone. */
  async reveal(task: Task): Promise<void> {
    await this.#store.load();
    this.#store.put(task);
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

  #show(task: Task | undefined): void {
    const waiting = this.#store.tasks.filter(waitsForReview).length;
    this.view.badge =
      waiting === 0 ? undefined : { value: waiting, tooltip: `${counted(waiting, 'proposal')} to review` };
    if (task === undefined || !this.#nodes.has(task.id)) this.#changed.fire(undefined);
    else this.#node(task.id).refresh();
  }

  /** Files of the proposal, then the last steps. */
  async #below(taskId: string): Promise<TaskRow[]> {
    const task = this.#store.get(taskId);
    if (task === undefined) return [];
    const client = await this.#connection.connect();
    const [events, files] = await Promise.all([
      client
        .request('task/events', { taskId, after: Math.max(0, task.lastSeq - STEP_EVENTS) })
        .then((log) => log.events),
      task.proposal === null ? [] : client.request('proposal/show', { taskId }).then(({ proposal }) => proposal.files),
    ]);
    return [
      ...files.map(({ path, before }): TaskRow => ({ type: 'file', taskId, path, added: before === null })),
      ...lastSteps(events, STEPS).map((step): TaskRow => ({ type: 'step', taskId, step })),
    ];
  }
}

function taskItem(row: TaskNode, task: Task | undefined): vscode.TreeItem {
  const item = new vscode.TreeItem(row.taskId, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = row.taskId;
  if (task === undefined) return item;
  applyLook(item, taskLook(task, clock));
  item.command = { command: 'ospain2.task.open', title: 'Open', arguments: [row] };
  return item;
}

function fileItem(row: Extract<TaskRow, { type: 'file' }>): vscode.TreeItem {
  const { path, added } = row;
  const slash = path.lastIndexOf('/');
  const item = new vscode.TreeItem(path.slice(slash + 1));
  const uri = fileUri(path);
  if (uri !== undefined) item.resourceUri = uri;
  item.iconPath = vscode.ThemeIcon.File;
  item.description = [path.slice(0, Math.max(0, slash)), added ? 'new' : ''].filter((part) => part !== '').join(' · ');
  item.tooltip = path;
  item.contextValue = 'file';
  item.accessibilityInformation = { label: `${added ? 'New' : 'Changed'} file ${path}, opens the comparison` };
  item.command = { command: 'ospain2.proposal.review', title: 'Review', arguments: [row] };
  return item;
}

function stepItem({ label, description, icon, spoken }: Step): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: spoken };
  item.contextValue = 'step';
  return item;
}

function moreItem(): vscode.TreeItem {
  const item = new vscode.TreeItem('Load more…');
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: 'ospain2.task.loadMore', title: 'Load more' };
  return item;
}
