import { resolve } from 'node:path';
import { errorCodes, OspainError, type ServerStatus } from '../protocol/index.ts';
import { ask } from './ask.ts';
import type { Context } from './taskCommands.ts';
import { fileSize, plain, plural } from './text.ts';

export async function backUp({ host, link, screen }: Context, file: string): Promise<number> {
  const { client } = await link.open();
  const backup = await client.request('backup/create', { path: resolve(host.cwd, file) });
  const status = await client.request('server/status', {});
  screen.data({ backup });
  const { path, bytes, tasks } = backup;
  screen.print(
    `${plural(tasks, 'task')} in ${screen.safe(path)} (${fileSize(bytes)}), encrypted with the key of this workspace.`,
  );
  screen.print(
    `${KEPT[status.keyStore]} Without it the backup cannot be restored, here or on another machine: docs/keys.md.`,
  );
  return 0;
}

const KEPT: Readonly<Record<ServerStatus['keyStore'], string>> = {
  keyring: 'Its key comes of the root secret in the keyring of the system.',
  file: 'Its key comes of the root secret in the data folder.',
  passphrase: 'Its key comes of keys.json in the data folder, and the passphrase.',
};

export async function restore({ host, link, screen }: Context, file: string): Promise<number> {
  const { client } = await link.open();
  const restored = await client.request('backup/restore', { path: resolve(host.cwd, file) });
  screen.data({ restored });
  screen.print(
    `Restored: ${plural(restored.tasks, 'task')}. What was there before is kept in ${screen.safe(restored.kept)}`,
  );
  if (restored.paused)
    screen.print(
      'The queue is paused: what waits in the backup may have been done since. Go on with: ospain2 queue resume',
    );
  return 0;
}

export interface ExportOptions {
  plain?: boolean;
  yes?: boolean;
}

const WARNING = 'Whoever can read that file can read your tasks, their answers and the edited texts.';

export async function exportPlain(context: Context, file: string, options: ExportOptions): Promise<number> {
  const { host, link, screen } = context;
  const path = resolve(host.cwd, file);
  if (options.plain !== true)
    throw new OspainError('invalid_params', `An export is not encrypted. ${WARNING}`, {
      hint: 'Say --plain if that is what you want; `ospain2 backup` writes an encrypted file.',
    });
  if (options.yes !== true && !(await ask(host, `Write everything as plain text to ${plain(path)}? ${WARNING}`))) {
    screen.warn('Nothing was written.');
    return errorCodes.cancelled.exit;
  }
  const { client } = await link.open();
  const exported = await client.request('backup/export', { path, confirm: 'plain text' });
  screen.data({ exported });
  screen.print(
    `${plural(exported.tasks, 'task')} in ${screen.safe(path)} (${fileSize(exported.bytes)}), in plain text.`,
  );
  return 0;
}
