import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Result } from '../../protocol/methods.ts';
import { counted, formatBytes } from '../../protocol/quantities.ts';
import { type Command, connected } from './command.ts';

const BACKUPS = { 'OSPAiN2 backup': ['db'] };

export const backupCommands: Readonly<Record<string, Command>> = {
  /** Writes a backup to a file of the person's choice, or to the Uri given. */
  'ospain2.backup.create': connected(async ({ client }, argument) => {
    const uri = argument instanceof vscode.Uri ? argument : await askWhere();
    if (uri === undefined) return undefined;
    const backup = await client.request('backup/create', { path: uri.fsPath });
    void vscode.window.showInformationMessage(
      `${counted(backup.tasks, 'task')} in ${backup.path} (${formatBytes(backup.bytes)}). The file opens only with this workspace's key.`,
    );
    return backup;
  }),

  'ospain2.backup.restore': connected(async ({ client }) => {
    const [uri] = (await vscode.window.showOpenDialog({ title: 'Restore Backup', filters: BACKUPS })) ?? [];
    if (uri === undefined) return undefined;
    const restore = 'Restore';
    const detail = 'It is checked first. What is there now is kept beside it, and the backup takes its place.';
    const question = `Restore all tasks of this workspace from ${uri.fsPath}?`;
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, restore)) !== restore)
      return undefined;
    const restored = await client.request('backup/restore', { path: uri.fsPath });
    void tell(restored);
    return restored;
  }),
};

async function tell({ tasks, paused, kept }: Result<'backup/restore'>): Promise<void> {
  const restored = `Restored: ${counted(tasks, 'task')}.`;
  const why = paused ? ' The queue is paused: what waits in the backup may have been done since.' : '';
  const actions = paused ? ['Resume Queue'] : [];
  const text = `${restored}${why} What was there before is kept in ${kept}`;
  if ((await vscode.window.showInformationMessage(text, ...actions)) !== undefined)
    await vscode.commands.executeCommand('ospain2.queue.resume');
}

/** Outside the folder: a backup in it would be part of what tasks read. */
function askWhere(): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    title: 'Back Up All Tasks',
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(os.homedir()), `ospain2-${stamp(new Date())}.db`),
    filters: BACKUPS,
  });
}

/** To the second, in local time: a backup is never written over an older one. */
function stamp(at: Date): string {
  const parts = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()];
  const [month, day, ...time] = parts.map((part) => String(part).padStart(2, '0'));
  return `${at.getFullYear()}-${month}-${day}-${time.join('')}`;
}
