import * as vscode from 'vscode';
import type { McpServer } from '../../protocol/mcp.ts';
import type { ServerStatus } from '../../protocol/server.ts';
import type { Connection } from '../connection.ts';
import { type Problem, problemOf } from '../problem.ts';
import { clock } from './clock.ts';
import { renderStatus } from './statusReport.ts';

const SCHEME = 'ospain2-status';
const URI = vscode.Uri.from({ scheme: SCHEME, path: '/OSPAiN2 Status.md' });

/** How the server is, as a read-only document; asked anew each time it is shown. */
export class StatusDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      connection.onDidChangeState(() => this.#changed.fire(URI)),
    );
  }

  async show(): Promise<void> {
    this.#changed.fire(URI);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(URI), { preview: true });
  }

  async provideTextDocumentContent(): Promise<string> {
    const [answer, mcpServers] = await Promise.all([this.#ask(), this.#mcpServers()]);
    return renderStatus(this.#connection.state, answer, clock, mcpServers);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #mcpServers(): Promise<McpServer[]> {
    try {
      const client = await this.#connection.connect();
      return (await client.request('mcp/list', {})).servers;
    } catch {
      // The status says what is wrong.
      return [];
    }
  }

  async #ask(): Promise<ServerStatus | Problem> {
    try {
      const client = await this.#connection.connect();
      return await client.request('server/status', {});
    } catch (thrown) {
      return problemOf(thrown);
    }
  }
}
