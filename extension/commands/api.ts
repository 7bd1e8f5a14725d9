import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Api } from '../../protocol/api.ts';
import { t } from '../../protocol/words.ts';
import { type Command, connected } from './command.ts';

export const apiCommands: Readonly<Record<string, Command>> = {
  /** Lets other programs of this machine use the models, and says where and with which token; a program may give the port. */
  'ospain2.api.start': connected(async ({ client }, argument) => {
    const { api: served } = await client.request('api/show', {});
    const api = served ?? (await client.request('api/start', portOf(argument))).api;
    void tell(api);
    return api;
  }),

  'ospain2.api.stop': connected(async ({ client }) => {
    await client.request('api/stop', {});
    vscode.window.setStatusBarMessage(t('Other programs are not served any more.'), 5000);
  }),
};

const portOf = (argument: unknown): { port?: number } =>
  typeof argument === 'object' && argument !== null && 'port' in argument && typeof argument.port === 'number'
    ? { port: argument.port }
    : {};

async function tell({ url, tokenFile }: Api): Promise<void> {
  const [address, token] = [t('Copy Address'), t('Copy Token')];
  const text = t(
    'Other programs reach the models at {0}, as they reach OpenAI, with the token of this user as the key.',
    `${url}/v1`,
  );
  const chosen = await vscode.window.showInformationMessage(text, address, token);
  if (chosen === address) await vscode.env.clipboard.writeText(`${url}/v1`);
  if (chosen === token) await vscode.env.clipboard.writeText((await readFile(tokenFile, 'utf8')).trim());
}
