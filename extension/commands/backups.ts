import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Result } from '../../protocol/methods.ts';
import { formatBytes } from '../../protocol/quantities.ts';
import { plural, t } from '../../protocol/words.ts';
import { type Command, connected } from './command.ts';

const backupFiles = () => ({ [t('OSPAiN2 backup')]: ['db'] });

export const backupCommands: Readonly<Record<string, Command>> = {
  /** Writes a backup to a file of the person's choice, or to the Uri given. */
  'ospain2.backup.create': connected(async ({ client }, argument) => {
    const uri = argument instanceof vscode.Uri ? argument : await askWhere();
    if (uri === undefined) return undefined;
    const backup = await client.request('backup/create', { path: uri.fsPath });
    void vscode.window.showInformationMessage(
      plural(
        "{0} task in {1} ({2}). The file opens only with this workspace's key.|{0} tasks in {1} ({2}). The file opens only with this workspace's key.",
        backup.tasks,
        backup.path,
        formatBytes(backup.bytes),
      ),
    );
    return backup;
  }),

  'ospain2.backup.restore': connected(async ({ client }) => {
    const [uri] = (await vscode.window.showOpenDialog({ title: t('Restore Backup'), filters: backupFiles() })) ?? [];
    if (uri === undefined) return undefined;
    const restore = t('Restore');
    const detail = t('It is checked first. What is there now is kept beside it, and the backup takes its place.');
    const question = t('Restore all tasks of this workspace from {0}?', uri.fsPath);
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, restore)) !== restore)
      return undefined;
    const restored = await client.request('backup/restore', { path: uri.fsPath });
    void tell(restored);
    return restored;
  }),
};

async function tell({ tasks, paused, kept }: Result<'backup/restore'>): Promise<void> {
  const restored = plural('Restored: {0} task.|Restored: {0} tasks.', tasks);
  const why = paused ? t('The queue is paused: what waits in the backup may have been done since.') : '';
  const actions = paused ? [t('Resume Queue')] : [];
  const text = [restored, why, t('What was there before is kept in {0}', kept)].filter((said) => said !== '').join(' ');
  if ((await vscode.window.showInformationMessage(text, ...actions)) !== undefined)
    await vscode.commands.executeCommand('ospain2.queue.resume');
}

/** Outside the folder: a backup in it would be part of what tasks read. */
function askWhere(): Thenable<vscode.Uri | undefined> {
  return vscode.window.showSaveDialog({
    title: t('Back Up All Tasks'),
    defaultUri: vscode.Uri.joinPath(vscode.Uri.file(os.homedir()), `ospain2-${stamp(new Date())}.db`),
    filters: backupFiles(),
  });
}

/** To the second, in local time: a backup is never written over an older one. */
function stamp(at: Date): string {
  const parts = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes(), at.getSeconds()];
  const [month, day, ...time] = parts.map((part) => String(part).padStart(2, '0'));
  return `${at.getFullYear()}-${month}-${day}-${time.join('')}`;
}
