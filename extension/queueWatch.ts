import * as vscode from 'vscode';
import type { Connection } from './connection.ts';

/** Context key: `paused` or `open`, for menus. */
const QUEUE_KEY = 'ospain2.queue';

/** Whether the queue of the workspace is paused, as far as this window knows. */
export interface QueueWatch extends vscode.Disposable {
  readonly paused: boolean;
  readonly onDidChange: vscode.Event<void>;
}

export function createQueueWatch(connection: Connection): QueueWatch {
  const changed = new vscode.EventEmitter<void>();
  let paused = false;
  const set = (state: { paused: boolean }) => {
    paused = state.paused;
    vscode.commands.executeCommand('setContext', QUEUE_KEY, paused ? 'paused' : 'open');
    changed.fire();
  };
  const ask = async () => {
    const client = await connection.connect();
    set(await client.request('queue/show', {}));
  };
  const subscriptions = [
    changed,
    connection.on('queue/didChange', set),
    connection.on('backup/didRestore', () => {
      ask().catch(() => {});
    }),
    connection.onDidChangeState(({ name }) => {
      // A server that goes away meanwhile says why by its state.
      if (name === 'running') ask().catch(() => {});
    }),
  ];
  return {
    get paused() {
      return paused;
    },
    onDidChange: changed.event,
    dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
  };
}
