import * as vscode from 'vscode';
import { t } from '../../protocol/words.ts';
import { requireFolder } from '../workspace.ts';
import { type Command, connected } from './command.ts';

export const hubCommands: Readonly<Record<string, Command>> = {
  'ospain2.hub.open':
    ({ hubPanel }) =>
    () => {
      requireFolder();
      return hubPanel.show();
    },

  /** Lets the person's browser into the hub, by a link that works once. */
  'ospain2.hub.openInBrowser': connected(async ({ client }) => {
    const { url } = await client.request('hub/open', { serve: true });
    if (!(await vscode.env.openExternal(vscode.Uri.parse(url)))) void offer(url);
  }),
};

async function offer(url: string): Promise<void> {
  const copy = t('Copy Link');
  const text = t(
    'No browser was opened. The link to the hub works once, for five minutes, in a browser of this machine.',
  );
  if ((await vscode.window.showInformationMessage(text, copy)) === copy) await vscode.env.clipboard.writeText(url);
}
