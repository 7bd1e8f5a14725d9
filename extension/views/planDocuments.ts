import * as vscode from 'vscode';
import type { Plan } from '../../protocol/plans.ts';
import { parsePlan, planText } from '../../protocol/planText.ts';
import { oneLine } from '../../protocol/quantities.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { problemOf, problemText } from '../problem.ts';

const SCHEME = 'ospain2-plan';
/** Context key: the status of the plan that the active editor shows; empty when it shows none. */
const PLAN_KEY = 'ospain2.plan';

/** Plans as documents: saving one edits the plan. Nothing of them is on disk. */
export class PlanDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** As they were when they were last asked for. */
  readonly #plans = new Map<string, Plan>();
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isCaseSensitive: true }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#setContext()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#plans.delete(taskIdOfPlan(uri) ?? '')),
    );
  }

  async open(task: Task): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${t('Plan of task {0}', task.number)}`, query: task.id });
    await this.#load(task.id);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
    this.#setContext();
  }

  /** The task whose plan the active editor shows. */
  activeTaskId(): string | undefined {
    const uri = vscode.window.activeTextEditor?.document.uri;
    return uri && taskIdOfPlan(uri);
  }

  /** Saves what the person has typed; false when it cannot be saved, which VS Code has said then. */
  async save(taskId: string): Promise<boolean> {
    const document = vscode.workspace.textDocuments.find(({ uri }) => taskIdOfPlan(uri) === taskId);
    return document === undefined || !document.isDirty || (await document.save());
  }

  /** To be told when a plan is no longer what the editors show. */
  async refresh(taskId: string): Promise<void> {
    await this.#load(taskId);
    for (const { uri } of vscode.workspace.textDocuments)
      if (taskIdOfPlan(uri) === taskId) this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    this.#setContext();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const plan = await this.#plan(uri);
    const size = Buffer.byteLength(textOf(plan));
    const stat = { type: vscode.FileType.File, ctime: 0, mtime: plan.updatedAt, size };
    return plan.status === 'open' ? stat : { ...stat, permissions: vscode.FilePermission.Readonly };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from(textOf(await this.#plan(uri)));
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const { taskId } = await this.#plan(uri);
    try {
      const parts = parsePlan(Buffer.from(content).toString('utf8'));
      const client = await this.#connection.connect();
      const { plan } = await client.request('plan/edit', { taskId, parts });
      this.#plans.set(taskId, plan);
    } catch (thrown) {
      throw vscode.FileSystemError.Unavailable(problemText(problemOf(thrown)));
    }
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #plan(uri: vscode.Uri): Promise<Plan> {
    const taskId = taskIdOfPlan(uri);
    if (taskId === undefined || taskId === '') throw vscode.FileSystemError.FileNotFound(uri);
    return this.#plans.get(taskId) ?? (await this.#load(taskId));
  }

  async #load(taskId: string): Promise<Plan> {
    const client = await this.#connection.connect();
    const { plan } = await client.request('plan/show', { taskId });
    this.#plans.set(taskId, plan);
    return plan;
  }

  #setContext(): void {
    const plan = this.#plans.get(this.activeTaskId() ?? '');
    void vscode.commands.executeCommand('setContext', PLAN_KEY, plan?.status ?? '');
  }
}

const taskIdOfPlan = ({ scheme, query }: vscode.Uri): string | undefined => (scheme === SCHEME ? query : undefined);

function textOf({ goal, status, parts, warnings }: Plan): string {
  const head =
    status === 'open'
      ? t(
          'Change, add, remove and move its parts, save, and start it. “(after 1, 2)” names parts that have to be done before.',
        )
      : t('It was started: its parts are tasks now.');
  const remarks = warnings.map(({ part, text }) => `# ${t('Part {0}', part)}: ${text}\n`).join('');
  return `# ${oneLine(goal, 200)}\n# ${head}\n${remarks}\n${planText(parts)}`;
}
