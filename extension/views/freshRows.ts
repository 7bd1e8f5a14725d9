import * as vscode from 'vscode';
import type { NotificationName } from '../../protocol/index.ts';
import type { Connection } from '../connection.ts';
import { problemText } from '../problem.ts';
import { createThrottle } from '../throttle.ts';

const REFRESH_MS = 250;

/**
 * Has a view's rows asked for again, at most every 250 ms, whenever they may be others: after one of these notifications too. Above
 * them stands why a server failed.
 */
export function keepRowsFresh(
  view: vscode.TreeView<unknown>,
  connection: Connection,
  ask: () => void,
  notifications: readonly NotificationName[],
): vscode.Disposable {
  const refresh = createThrottle(ask, REFRESH_MS);
  return vscode.Disposable.from(
    refresh,
    vscode.workspace.onDidGrantWorkspaceTrust(() => refresh()),
    vscode.workspace.onDidChangeWorkspaceFolders(() => refresh()),
    ...[...notifications, 'backup/didRestore' as const].map((notification) =>
      connection.on(notification, () => refresh()),
    ),
    connection.onDidChangeState((state) => {
      view.message = state.name === 'failed' ? problemText(state.problem) : '';
      if (state.name === 'failed' || state.name === 'running') refresh();
    }),
  );
}
