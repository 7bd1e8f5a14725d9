import * as vscode from 'vscode';
import type { Approval } from '../../protocol/approvals.ts';
import type { Connection } from '../connection.ts';
import { approvalText } from './approvalText.ts';
import { clock } from './clock.ts';

const SCHEME = 'ospain2-approval';

/** What tasks ask, each a read-only document: its commands are in the title of the editor. */
export class ApprovalDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      connection.on('approval/didChange', ({ approval }) => {
        for (const { uri } of vscode.workspace.textDocuments)
          if (approvalIdOf(uri) === approval.id) this.#changed.fire(uri);
      }),
    );
  }

  async show({ id, taskNumber }: Approval): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/Task ${taskNumber} asks.txt`, query: String(id) });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const client = await this.#connection.connect();
    const { approval } = await client.request('approval/show', { approvalId: Number(query) });
    return approvalText(approval, clock);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

/** The approval that a command's argument means: its number, or the document that shows it. */
export function approvalIdOf(argument: unknown): number | undefined {
  if (typeof argument === 'number') return argument;
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { scheme, query } = argument as { scheme?: unknown; query?: unknown };
  return scheme === SCHEME && typeof query === 'string' ? Number(query) : undefined;
}
