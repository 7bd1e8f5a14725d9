import * as vscode from 'vscode';
import type { Connection } from './connection.ts';
import type { LockWatch } from './lockWatch.ts';
import type { QueueWatch } from './queueWatch.ts';
import { statusText } from './statusText.ts';
import type { TaskStore } from './taskStore.ts';

/** Context key: the connection's state, for views and menus. */
const SERVER_KEY = 'ospain2.server';

/** The item in the status bar. */
export function createStatusItem(
  connection: Connection,
  store: TaskStore,
  queue: QueueWatch,
  lock: LockWatch,
): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('ospain2.status', vscode.StatusBarAlignment.Left);
  item.name = 'OSPAiN2';
  let warnings: readonly string[] = [];

  const show = () => {
    const { text, tooltip, spoken, failed } = statusText(
      connection.state,
      store.tasks,
      warnings,
      queue.paused,
      lock.state,
    );
    item.command = lock.state === 'locked' ? 'ospain2.key.unlock' : 'ospain2.server.showStatus';
    item.text = text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: spoken, role: 'button' };
    item.backgroundColor = failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  const showState = () => {
    vscode.commands.executeCommand('setContext', SERVER_KEY, connection.state.name);
    show();
  };
  const askWarnings = async () => {
    const client = await connection.connect();
    warnings = (await client.request('server/status', {})).warnings;
    show();
  };
  showState();
  item.show();
  return vscode.Disposable.from(
    item,
    store.onDidChange(show),
    queue.onDidChange(show),
    lock.onDidChange(show),
    connection.onDidChangeState(({ name }) => {
      showState();
      // A server that goes away meanwhile says why by its state.
      if (name === 'running') askWarnings().catch(() => {});
    }),
  );
}
