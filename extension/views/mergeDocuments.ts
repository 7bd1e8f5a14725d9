import * as vscode from 'vscode';
import { firstMarker } from '../../protocol/markers.ts';
import type { Conflict } from '../../protocol/proposals.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import type { Connection } from '../connection.ts';
import { problemOf, problemText } from '../problem.ts';
import { fileUri } from '../workspace.ts';

const SCHEME = 'ospain2-merge';

interface Merge extends Conflict {
  readonly taskId: string;
  /** What the person has made of it so far. */
  text: string;
  at: number;
}

/**
 * Files in which a task and somebody else changed the same lines, as documents with both versions between markers. Saving
 * one without markers makes it what the task proposes; nothing of them is on disk.
 */
export class MergeDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #connection: Connection;
  readonly #merges = new Map<string, Merge>();
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #finished = new vscode.EventEmitter<string>();
  /** The task of a file that the person has finished. */
  readonly onDidFinish = this.#finished.event;
  readonly #subscriptions: vscode.Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      this.#finished,
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isCaseSensitive: true }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => void this.#merges.delete(uri.toString())),
    );
  }

  /** Opens what is in conflict, each file beside what it is on disk. Returns the documents to finish. */
  async open(task: Task, conflicts: readonly Conflict[]): Promise<vscode.Uri[]> {
    const uris: vscode.Uri[] = [];
    for (const conflict of conflicts) {
      if (conflict.marked === null) {
        const text = t(
          '{0}: {1}. Decide on the file by itself: reject it, or put the file back.',
          conflict.path,
          conflict.reason,
        );
        void vscode.window.showWarningMessage(text);
        continue;
      }
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${conflict.path}`, query: task.id });
      this.#merges.set(uri.toString(), { ...conflict, taskId: task.id, text: conflict.marked, at: Date.now() });
      this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      uris.push(uri);
      const title = t('Task {0}: {1} (finish the merge, then save)', task.number, conflict.path);
      await vscode.commands.executeCommand('vscode.diff', fileUri(conflict.path), uri, title, { preview: false });
    }
    return uris;
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { text, at } = this.#merge(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: at, size: Buffer.byteLength(text) };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return Buffer.from(this.#merge(uri).text);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const merge = this.#merge(uri);
    const text = Buffer.from(content).toString('utf8');
    const marker = firstMarker(text);
    if (marker !== undefined)
      throw new vscode.FileSystemError(t('Line {0} still is a marker of the conflict.', marker));
    const { taskId, path, ours } = merge;
    try {
      const client = await this.#connection.connect();
      const resolved = [{ path, over: ours, text }];
      const { conflicts } = await client.request('proposal/merge', { taskId, resolved });
      if (conflicts.includes(path))
        throw new vscode.FileSystemError(t('{0} was changed again meanwhile. Close this and merge anew.', path));
    } catch (thrown) {
      if (thrown instanceof vscode.FileSystemError) throw thrown;
      throw new vscode.FileSystemError(problemText(problemOf(thrown)));
    }
    merge.text = text;
    merge.at = Date.now();
    this.#finished.fire(taskId);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  delete(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#merges.clear();
  }

  #merge(uri: vscode.Uri): Merge {
    const merge = this.#merges.get(uri.toString());
    if (merge === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return merge;
  }
}
