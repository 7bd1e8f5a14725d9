import * as vscode from 'vscode';
import type { Client } from '../protocol/client.ts';
import type { Note } from '../protocol/notes.ts';
import { t } from '../protocol/words.ts';
import type { Connection } from './connection.ts';
import { isNotePath, NOTE_SCHEME, notePathOf, noteUriParts, toldSize } from './noteUri.ts';
import { problemOf, problemText } from './problem.ts';

export const noteUri = (path: string): vscode.Uri => vscode.Uri.from(noteUriParts(path));

/**
 * Notes as files: `ospain2:/notes/…`, so that they are edited, compared and searched like any other. Saving is over the
 * version that VS Code looked at last: it looks before it saves, and asks the person when that is not the one in the editor.
 */
export class NoteFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** Versions that VS Code has looked at, by path. */
  readonly #seen = new Map<string, number>();
  /** Folders that were made and have no note yet: on the server a folder is there when a note is in it. */
  readonly #folders = new Set<string>();
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    const tell = (type: vscode.FileChangeType, path: string) => this.#changed.fire([{ type, uri: noteUri(path) }]);
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerFileSystemProvider(NOTE_SCHEME, this, { isCaseSensitive: false }),
      connection.on('note/didChange', ({ note }) => {
        const { Changed, Created } = vscode.FileChangeType;
        tell(note.version > 1 || this.#seen.has(note.path) ? Changed : Created, note.path);
      }),
      connection.on('note/didRemove', ({ path }) => {
        this.#seen.delete(path);
        tell(vscode.FileChangeType.Deleted, path);
      }),
      connection.onDidChangeState(({ name }) => {
        // What happened while there was no server is looked up for whatever is open.
        if (name !== 'running') return;
        for (const { uri } of vscode.workspace.textDocuments) {
          const path = notePathOf(uri);
          if (path !== undefined) tell(vscode.FileChangeType.Changed, path);
        }
      }),
    );
  }

  /** Every change is told anyway. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    return this.#asked(uri, async (client, path) => {
      if (isNotePath(path)) return this.#statOf((await client.request('note/stat', { note: path })).note);
      const folder = { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      if (path === '' || this.#folders.has(path)) return folder;
      const { total } = await client.request('note/list', { folder: path, limit: 1 });
      if (total === 0) throw vscode.FileSystemError.FileNotFound(uri);
      return folder;
    });
  }

  readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#asked(uri, async (client, folder) => {
      const name = (path: string) => path.slice(folder === '' ? 0 : folder.length + 1);
      const notes: string[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const asked = { folder, direct: true, limit: 1000, ...(after !== undefined && { after }) };
        const page: { notes: Note[]; next: string | null } = await client.request('note/list', asked);
        notes.push(...page.notes.map(({ path }) => name(path)));
        after = page.next;
      }
      const { folders } = await client.request('note/folders', {});
      const all = new Set([...folders.map(({ path }) => path), ...this.#folders]);
      const inside = [...all].filter((path) => path !== folder && path.startsWith(folder === '' ? '' : `${folder}/`));
      const below = inside.map(name).filter((rest) => !rest.includes('/'));
      return [
        ...below.map((one): [string, vscode.FileType] => [one, vscode.FileType.Directory]),
        ...notes.map((one): [string, vscode.FileType] => [one, vscode.FileType.File]),
      ];
    });
  }

  readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return this.#asked(uri, async (client, path) => {
      const { note, text } = await client.request('note/show', { note: path });
      this.#seen.set(note.path, note.version);
      return new TextEncoder().encode(text);
    });
  }

  writeFile(uri: vscode.Uri, content: Uint8Array, options: { create: boolean; overwrite: boolean }): Promise<void> {
    return this.#asked(uri, async (client, path) => {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
      const there = await this.#version(client, path);
      if (there === null && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
      if (there !== null && options.create && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
      const { note } = await client.request('note/save', { path, text, base: there });
      this.#seen.set(note.path, note.version);
    });
  }

  /** A folder is there as soon as a note is in it; until then only here. */
  createDirectory(uri: vscode.Uri): void {
    const path = notePathOf(uri);
    if (path === undefined) throw vscode.FileSystemError.NoPermissions(uri);
    for (let folder = path; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/'))))
      this.#folders.add(folder);
  }

  delete(uri: vscode.Uri, { recursive }: { recursive: boolean }): Promise<void> {
    return this.#asked(uri, async (client, path) => {
      if (isNotePath(path)) {
        await client.request('note/remove', { note: path });
        return;
      }
      if (path === '' || !recursive) throw vscode.FileSystemError.NoPermissions(uri);
      for (;;) {
        const { notes } = await client.request('note/list', { folder: path, limit: 1000 });
        if (notes.length === 0) break;
        for (const { id } of notes) await client.request('note/remove', { note: id });
      }
      for (const folder of [...this.#folders])
        if (folder === path || folder.startsWith(`${path}/`)) this.#folders.delete(folder);
    });
  }

  rename(from: vscode.Uri, to: vscode.Uri, { overwrite }: { overwrite: boolean }): Promise<void> {
    return this.#asked(from, async (client, path) => {
      const target = notePathOf(to);
      if (target === undefined || (isNotePath(path) && !isNotePath(target)))
        throw vscode.FileSystemError.NoPermissions(t('A note keeps the ending .md, and stays among the notes.'));
      const taken = isNotePath(target) && target.toLowerCase() !== path.toLowerCase();
      if (taken && (await this.#version(client, target)) !== null) {
        if (!overwrite) throw vscode.FileSystemError.FileExists(to);
        await client.request('note/remove', { note: target });
      }
      if (this.#folders.delete(path)) this.#folders.add(target);
      const isEmpty = !isNotePath(path) && (await client.request('note/list', { folder: path, limit: 1 })).total === 0;
      if (!isEmpty) await client.request('note/move', { from: path, to: target });
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #statOf(note: Note): vscode.FileStat {
    this.#seen.set(note.path, note.version);
    return { type: vscode.FileType.File, ctime: note.createdAt, mtime: note.updatedAt, size: toldSize(note) };
  }

  /** The version that VS Code looked at, or that is there; null when there is none. */
  async #version(client: Client, path: string): Promise<number | null> {
    const seen = this.#seen.get(path);
    if (seen !== undefined) return seen;
    try {
      return (await client.request('note/stat', { note: path })).note.version;
    } catch (thrown) {
      if (problemOf(thrown).code === 'not_found') return null;
      throw thrown;
    }
  }

  /** Runs a request for a path; what it fails with is told in VS Code's own terms. */
  async #asked<T>(uri: vscode.Uri, run: (client: Client, path: string) => Promise<T>): Promise<T> {
    const path = notePathOf(uri);
    if (path === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    try {
      return await run(await this.#connection.connect(), path);
    } catch (thrown) {
      if (thrown instanceof vscode.FileSystemError) throw thrown;
      const problem = problemOf(thrown);
      if (problem.code === 'not_found') {
        this.#seen.delete(path);
        throw vscode.FileSystemError.FileNotFound(uri);
      }
      // The next look of VS Code, before it saves again, finds what stands there by now.
      if (problem.code === 'conflict') this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      throw vscode.FileSystemError.Unavailable(problemText(problem));
    }
  }
}
