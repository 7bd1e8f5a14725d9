import * as vscode from 'vscode';
import type { Approval } from '../../protocol/approvals.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { approvalText } from './approvalText.ts';
import { clock } from './clock.ts';

const SCHEME = 'ospain2-approval';
/** Context key: the status of the approval that the active editor shows; empty when it shows none. */
const APPROVAL_KEY = 'ospain2.approval';

/** What tasks ask, each a read-only document: its commands are in the title of the editor until it is answered. */
export class ApprovalDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #connection: Connection;
  /** Of what is shown, as far as it is known. */
  readonly #statuses = new Map<number, Approval['status']>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.window.onDidChangeActiveTextEditor(() => this.#setContext()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#statuses.delete(approvalIdOf(uri) ?? 0)),
      connection.on('approval/didChange', ({ approval }) => {
        if (this.#statuses.has(approval.id)) this.#learn(approval);
        for (const { uri } of vscode.workspace.textDocuments)
          if (approvalIdOf(uri) === approval.id) this.#changed.fire(uri);
      }),
    );
  }

  async show({ id, taskNumber }: Approval): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${t('Task {0} asks', taskNumber)}.txt`, query: String(id) });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const client = await this.#connection.connect();
    const { approval } = await client.request('approval/show', { approvalId: Number(query) });
    this.#learn(approval);
    return approvalText(approval, clock);
  }

  /** The status that the commands in the title of the active editor go by; undefined when it shows none. */
  activeStatus(): Approval['status'] | undefined {
    const id = approvalIdOf(vscode.window.activeTextEditor?.document.uri);
    return id === undefined ? undefined : this.#statuses.get(id);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #learn({ id, status }: Approval): void {
    this.#statuses.set(id, status);
    this.#setContext();
  }

  #setContext(): void {
    void vscode.commands.executeCommand('setContext', APPROVAL_KEY, this.activeStatus() ?? '');
  }
}

/** The approval that a command's argument means: its number, or the document that shows it. */
export function approvalIdOf(argument: unknown): number | undefined {
  if (typeof argument === 'number') return argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { scheme, query } = argument as { scheme?: unknown; query?: unknown };
  return scheme === SCHEME && typeof query === 'string' ? Number(query) : undefined;
}
