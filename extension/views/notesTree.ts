import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { Note } from '../../protocol/notes.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { noteUri } from '../noteFiles.ts';
import { workspaceFolder } from '../workspace.ts';
import { clock } from './clock.ts';
import { keepRowsFresh } from './freshRows.ts';
import { allTagsLook, folderLook, noteLook, tagLook } from './noteItem.ts';
import { serverRows } from './serverRows.ts';
import { applyLook } from './treeItem.ts';

/** A row. Commands of the row get it as their argument. */
export type NoteRow =
  | { readonly type: 'folder'; readonly folder: string }
  | { readonly type: 'note'; readonly notePath: string; readonly note: Note; readonly below: string }
  | { readonly type: 'tags' }
  | { readonly type: 'tag'; readonly tag: string; readonly notes: number }
  | { readonly type: 'server'; readonly item: vscode.TreeItem };

/** Notes below one row; the search and the hub find the others. */
const MOST = 1000;

/** Notes in their folders, and by their tags. */
export class NotesTree implements vscode.TreeDataProvider<NoteRow>, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    const view = vscode.window.createTreeView('ospain2.notes', { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = vscode.Disposable.from(
      view,
      this.#changed,
      keepRowsFresh(view, connection, () => this.#changed.fire(undefined), ['note/didChange', 'note/didRemove']),
    );
  }

  async getChildren(row?: NoteRow): Promise<NoteRow[]> {
    if (workspaceFolder() === undefined || !vscode.workspace.isTrusted) return [];
    const rows = serverRows(this.#connection.state);
    if (rows.length > 0) return row === undefined ? rows.map((item) => ({ type: 'server', item })) : [];
    try {
      return await children(await this.#connection.connect(), row);
    } catch {
      // A failed start is told through the connection's state, which asks again.
      return [];
    }
  }

  getTreeItem(row: NoteRow): vscode.TreeItem {
    if (row.type === 'server') return row.item;
    const { None, Collapsed } = vscode.TreeItemCollapsibleState;
    const item = new vscode.TreeItem('', row.type === 'note' ? None : Collapsed);
    if (row.type === 'folder') {
      item.id = `folder ${row.folder}`;
      applyLook(item, folderLook(row.folder));
    } else if (row.type === 'note') {
      item.id = `note ${row.below} ${row.note.id}`;
      applyLook(item, noteLook(row.note, clock));
      item.command = { command: 'vscode.open', title: t('Open'), arguments: [noteUri(row.notePath)] };
    } else {
      item.id = row.type === 'tag' ? `tag ${row.tag}` : 'tags';
      applyLook(item, row.type === 'tag' ? tagLook(row.tag, row.notes) : allTagsLook());
    }
    return item;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

async function children(client: Client, row: NoteRow | undefined): Promise<NoteRow[]> {
  if (row?.type === 'tags') {
    const { tags } = await client.request('note/tags', {});
    return tags.map(({ tag, notes }) => ({ type: 'tag', tag, notes }));
  }
  if (row?.type === 'tag') {
    const { notes } = await client.request('note/list', { tag: row.tag, limit: MOST });
    return notes.map((note) => noteRow(note, row.tag));
  }
  if (row !== undefined && row.type !== 'folder') return [];
  const folder = row?.folder ?? '';
  const [{ folders }, { notes }, { tags }] = await Promise.all([
    client.request('note/folders', {}),
    client.request('note/list', { folder, direct: true, limit: MOST }),
    row === undefined ? client.request('note/tags', { limit: 1 }) : { tags: [] },
  ]);
  const depth = folder === '' ? 1 : folder.split('/').length + 1;
  const inside = folders.filter(
    ({ path }) => path.split('/').length === depth && (folder === '' || path.startsWith(`${folder}/`)),
  );
  return [
    ...inside.map(({ path }): NoteRow => ({ type: 'folder', folder: path })),
    ...notes.map((note) => noteRow(note, '/')),
    ...(tags.length > 0 ? [{ type: 'tags' as const }] : []),
  ];
}

const noteRow = (note: Note, below: string): NoteRow => ({ type: 'note', notePath: note.path, note, below });
