import * as vscode from 'vscode';
import type { Approval } from '../protocol/approvals.ts';
import { oneLine } from '../protocol/quantities.ts';
import { t } from '../protocol/words.ts';
import type { Connection } from './connection.ts';

/** Tells the person that a task asks for something, with the answers that need no more than a click. */
export function createApprovalWatch(connection: Connection): vscode.Disposable {
  return connection.on('approval/didChange', ({ approval }) => {
    if (approval.status === 'open') void tell(approval);
  });
}

async function tell({ id, taskNumber, kind, summary, reasons }: Approval): Promise<void> {
  const [yes, no, more] =
    kind === 'question'
      ? ([t('Answer…'), t('Do Not Answer'), t('Show')] as const)
      : ([t('Allow'), t('Deny'), t('Show')] as const);
  const what = t('Task {0} waits for you: {1}.', taskNumber, oneLine(summary, 120));
  const why = reasons.length === 0 ? '' : ` ${oneLine(reasons.join(' '), 200)}`;
  const chosen = await vscode.window.showWarningMessage(`${what}${why}`, yes, no, more);
  const command = {
    [yes]: 'ospain2.approval.allow',
    [no]: 'ospain2.approval.deny',
    [more]: 'ospain2.approval.show',
  }[chosen ?? ''];
  // Another window may have answered meanwhile: the command says so.
  if (command !== undefined) await vscode.commands.executeCommand(command, id);
}
