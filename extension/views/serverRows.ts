import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import type { ConnectionState } from '../connection.ts';

/** What a view offers in place of its content while the server cannot work; the reason stands above, in the view's message. */
export function serverRows(state: ConnectionState): vscode.TreeItem[] {
  if (state.name !== 'failed') return [];
  return [
    row(t('Restart the server'), 'debug-restart', 'ospain2.server.restart'),
    row(t('Show the log'), 'output', 'ospain2.log.show'),
    row(t('Show status'), 'info', 'ospain2.server.showStatus'),
  ];
}

function row(label: string, icon: string, command: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.command = { command, title: label };
  return item;
}
