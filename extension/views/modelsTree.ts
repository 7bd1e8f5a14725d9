import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Model } from '../../protocol/models.ts';
import type { Pull } from '../../protocol/pulls.ts';
import { formatBytes } from '../../protocol/quantities.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { problemText } from '../problem.ts';
import { workspaceFolder } from '../workspace.ts';
import { clock } from './clock.ts';
import { modelLook } from './modelItem.ts';
import { pullLook } from './pullItem.ts';
import { serverRows } from './serverRows.ts';
import { applyLook } from './treeItem.ts';

export type ModelRow =
  | { readonly type: 'model'; readonly model: Model }
  | { readonly type: 'pull'; readonly pull: Pull }
  | { readonly type: 'server'; readonly item: vscode.TreeItem };

/** The extension and its server are on one machine. */
const memoryText = () =>
  t('{0} of {1} memory free', formatBytes(process.availableMemory()), formatBytes(os.totalmem()));

const isOpen = ({ state }: Pull): boolean => state !== 'done' && state !== 'cancelled';

export class ModelsTree implements vscode.TreeDataProvider<ModelRow>, vscode.Disposable {
  readonly #view: vscode.TreeView<ModelRow>;
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#view = vscode.window.createTreeView('ospain2.models', { treeDataProvider: this });
    this.#subscriptions = vscode.Disposable.from(
      this.#view,
      this.#changed,
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#changed.fire(undefined)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#changed.fire(undefined)),
      // Models are few: the whole list is asked for again.
      connection.on('model/didChange', () => this.#changed.fire(undefined)),
      connection.on('model/didRemove', () => this.#changed.fire(undefined)),
      connection.on('pull/didChange', () => this.#changed.fire(undefined)),
      connection.onDidChangeState((state) => {
        if (state.name === 'failed') this.#view.message = problemText(state.problem);
        if (state.name === 'failed' || state.name === 'running') this.#changed.fire(undefined);
      }),
    );
  }

  async getChildren(row?: ModelRow): Promise<ModelRow[]> {
    if (row !== undefined || workspaceFolder() === undefined || !vscode.workspace.isTrusted) return [];
    const rows = serverRows(this.#connection.state);
    if (rows.length > 0) return rows.map((item) => ({ type: 'server', item }));
    try {
      const client = await this.#connection.connect();
      const { models } = await client.request('model/list', {});
      this.#view.message = memoryText();
      const { pulls } = await client.request('pull/list', {});
      const rows = models.map((model) => ({ type: 'model' as const, model }));
      return [...pulls.filter(isOpen).map((pull) => ({ type: 'pull' as const, pull })), ...rows];
    } catch {
      // A failed start is told through the connection's state, which asks again.
      return [];
    }
  }

  getTreeItem(row: ModelRow): vscode.TreeItem {
    if (row.type === 'server') return row.item;
    if (row.type === 'pull') {
      const item = new vscode.TreeItem(row.pull.source);
      item.id = row.pull.id;
      applyLook(item, pullLook(row.pull));
      return item;
    }
    const item = new vscode.TreeItem(row.model.name);
    item.id = `${row.model.name}@${row.model.version}`;
    applyLook(item, modelLook(row.model, clock));
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
