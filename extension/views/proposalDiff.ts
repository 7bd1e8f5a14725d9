import * as vscode from 'vscode';
import { shownFiles } from '../../protocol/proposalFiles.ts';
import type { Conflict, Proposal } from '../../protocol/proposals.ts';
import type { Task } from '../../protocol/tasks.ts';
import { proposalWord } from '../../protocol/taskWords.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import type { TaskStore } from '../taskStore.ts';
import { fileUri } from '../workspace.ts';
import { PROPOSAL_SCHEME, proposalSide, proposalUriParts } from './proposalUri.ts';

/** Context key: the status of the proposal that the active editor shows; empty when it shows none. */
const REVIEW_KEY = 'ospain2.review';

const statusOf = (status: Proposal['status']): string => (status === 'open' ? t('proposed') : proposalWord(status));

/** Reviews of proposals in VS Code's own diff editors: the contents come from the server, never from disk. */
export class ProposalReviews implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #store: TaskStore;
  readonly #proposals = new Map<string, Proposal>();
  /** Editors of several files cannot be asked what they show: they are known by their titles. */
  readonly #titles = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection, store: TaskStore) {
    this.#connection = connection;
    this.#store = store;
    const update = () => this.#setContext();
    this.#subscriptions = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(PROPOSAL_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      vscode.window.tabGroups.onDidChangeTabs(update),
      vscode.window.tabGroups.onDidChangeTabGroups(update),
      store.onDidChange((task) => {
        update();
        // Somebody else may have decided on a part of what is shown here.
        if (task !== undefined && this.#proposals.has(task.id)) void this.load(task.id).catch(() => {});
      }),
      this.#changed,
    );
  }

  /** Opens the diff editor: of one file, or of all where no path is given. */
  async review(task: Task, path?: string): Promise<void> {
    const proposal = await this.load(task.id);
    const all = shownFiles(proposal);
    const isOpen = proposal.status === 'open' && all.some(({ isLeft }) => isLeft);
    const files = all.filter((file) => (path === undefined ? file.isLeft || !isOpen : file.path === path));
    const [first] = files;
    if (first === undefined) return;
    const side = (name: 'before' | 'after', of: string) =>
      vscode.Uri.from(proposalUriParts({ taskId: task.id, side: name, path: of }));
    const status = statusOf(proposal.status);
    if (files.length === 1) {
      const title = t('Task {0}: {1} ({2})', task.number, first.path, status);
      const before = side('before', first.from ?? first.path);
      await vscode.commands.executeCommand('vscode.diff', before, side('after', first.path), title);
      return;
    }
    // VS Code adds how many files there are.
    const title = t('Task {0}: {1}', task.number, status);
    this.#titles.set(title, task.id);
    const rows = files.map(({ path: of, from, change }) => [
      fileUri(of),
      from === undefined ? undefined : side('before', from),
      change === 'deleted' ? undefined : side('after', of),
    ]);
    await vscode.commands.executeCommand('vscode.changes', title, rows);
  }

  /** The proposal as the server has it now; editors that show it are refreshed. */
  async load(taskId: string): Promise<Proposal> {
    const client = await this.#connection.connect();
    const { proposal } = await client.request('proposal/show', { taskId });
    this.#proposals.set(taskId, proposal);
    for (const { uri } of vscode.workspace.textDocuments)
      if (proposalSide(uri)?.taskId === taskId) this.#changed.fire(uri);
    return proposal;
  }

  /** The same, as it was when it was last asked for. */
  async proposal(taskId: string): Promise<Proposal> {
    return this.#proposals.get(taskId) ?? (await this.load(taskId));
  }

  /** Shows what keeps an accepted proposal from being undone: each file, and how it would be with both versions. */
  async showConflicts(task: Task, conflicts: readonly Conflict[]): Promise<void> {
    for (const { path, reason } of conflicts) {
      const uri = vscode.Uri.from(proposalUriParts({ taskId: task.id, side: 'conflict', path }));
      this.#changed.fire(uri);
      await vscode.commands.executeCommand(
        'vscode.diff',
        fileUri(path),
        uri,
        t('Task {0}: {1} ({2})', task.number, path, reason),
      );
    }
  }

  /** The task whose proposal the active editor shows. */
  activeTaskId(): string | undefined {
    const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
    return tab && this.#taskIdOf(tab);
  }

  /** Closes every editor that shows the task's proposal. */
  async close(taskId: string): Promise<void> {
    await this.#closeTabs((tab) => this.#taskIdOf(tab) === taskId);
  }

  /** Closes the editors in which nothing is left to decide. */
  async closeDecided(proposal: Proposal): Promise<void> {
    const { taskId, status } = proposal;
    if (status !== 'open') return this.close(taskId);
    const left = new Set(shownFiles(proposal).flatMap(({ path, isLeft }) => (isLeft ? [path] : [])));
    await this.#closeTabs(({ input }) => {
      const side = input instanceof vscode.TabInputTextDiff ? proposalSide(input.modified) : undefined;
      return side !== undefined && side.taskId === taskId && side.side !== 'conflict' && !left.has(side.path);
    });
  }

  async #closeTabs(isMeant: (tab: vscode.Tab) => boolean): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter(isMeant));
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const side = proposalSide(uri);
    if (side === undefined) return '';
    if (side.side === 'conflict') {
      const client = await this.#connection.connect();
      const { conflicts } = await client.request('proposal/conflicts', { taskId: side.taskId });
      const conflict = conflicts.find(({ path }) => path === side.path);
      return conflict?.marked ?? conflict?.theirs ?? '';
    }
    const proposal = await this.proposal(side.taskId);
    const file = proposal.files.find(({ path }) => path === side.path);
    return file?.[side.side] ?? '';
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#proposals.clear();
  }

  #taskIdOf({ input, label }: vscode.Tab): string | undefined {
    if (input instanceof vscode.TabInputTextDiff) return proposalSide(input.modified)?.taskId;
    if (input instanceof vscode.TabInputText) return undefined;
    return [...this.#titles].find(([title]) => label.startsWith(title))?.[1];
  }

  #setContext(): void {
    const taskId = this.activeTaskId();
    const status = taskId === undefined ? null : this.#store.get(taskId)?.proposal;
    vscode.commands.executeCommand('setContext', REVIEW_KEY, status ?? '');
  }

  #forget(uri: vscode.Uri): void {
    const side = proposalSide(uri);
    if (side === undefined) return;
    const shown = vscode.workspace.textDocuments.some((other) => proposalSide(other.uri)?.taskId === side.taskId);
    if (!shown) this.#proposals.delete(side.taskId);
  }
}
