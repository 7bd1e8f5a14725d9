import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { Pull } from '../../protocol/pulls.ts';
import { t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { pullLook } from '../views/pullItem.ts';
import { type Command, connected } from './command.ts';

export const pullCommands: Readonly<Record<string, Command>> = {
  /** Fetches the source given, or one that the person types. The rows of the view show how far it is. */
  'ospain2.pull.start': connected(async (context, argument) => {
    const source = typeof argument === 'string' ? argument : await askSource(context.client);
    if (source === undefined) return undefined;
    const { pull } = await context.client.request('pull/start', { source });
    await vscode.commands.executeCommand('ospain2.models.focus');
    return pull;
  }),

  'ospain2.pull.cancel': connected(async (context, argument) => {
    const pull = await pickPull(context, argument, t('Give up which pull?'), ({ state }) => state !== 'done');
    if (pull !== undefined) await context.client.request('pull/cancel', { pullId: pull.id });
  }),

  'ospain2.pull.resume': connected(async (context, argument) => {
    const pull = await pickPull(context, argument, t('Go on with which pull?'), isResumable);
    if (pull !== undefined) await context.client.request('pull/resume', { pullId: pull.id });
  }),
};

const TASKS = ['code', 'chat', 'fill', 'embed'] as const;

const isResumable = ({ state }: Pull): boolean => state === 'interrupted' || state === 'failed';

/** Offers names that may be worth a try; whoever knows a better one types it. */
async function askSource(client: Client): Promise<string | undefined> {
  const asked = TASKS.map((task) => client.request('model/catalogue', { task }));
  const entries = (await Promise.all(asked)).flatMap(({ models }) => models);
  const models = [...new Map(entries.map((entry) => [entry.source, entry])).values()];
  const other = {
    label: t('Another source…'),
    description: t('hf:org/repo:quantisation, or an address'),
    source: undefined,
  };
  const items = models.map(({ name, tasks, memory, licence, source }) => ({
    label: name,
    description: `${tasks.join(', ')} · ${t('for {0} GiB', memory)} · ${licence}`,
    source,
  }));
  const chosen = await vscode.window.showQuickPick([other, ...items], {
    title: t('Pull Model'),
    placeHolder: t('Models that others made and this machine has memory for; none was tried here'),
    matchOnDescription: true,
  });
  return chosen === other ? typeSource() : chosen?.source;
}

const typeSource = (): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: t('Pull Model'),
    prompt: t('OSPAiN2 connects to this source, and to nothing else, until the model is here.'),
    placeHolder: t('For example: hf:Qwen/Qwen3-8B-GGUF:Q4_K_M, or the address of a file'),
    validateInput: (value) => (value.trim() === '' ? t('Write where the model is.') : undefined),
  });

/** The pull that a row means, or that the person chooses. */
async function pickPull(
  { client }: Connected,
  argument: unknown,
  title: string,
  fits: (pull: Pull) => boolean,
): Promise<Pull | undefined> {
  const { pulls } = await client.request('pull/list', {});
  const meant = pullIdOf(argument);
  const found = pulls.find(({ id }) => id === meant);
  if (found !== undefined) return found;
  const items = pulls.filter(fits).map((pull) => {
    const { label, description } = pullLook(pull);
    return { label, description, pull };
  });
  if (items.length > 0) return (await vscode.window.showQuickPick(items, { title }))?.pull;
  void vscode.window.showInformationMessage(t('There is no pull for that.'));
  return undefined;
}

function pullIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('pull' in argument)) return undefined;
  return (argument as { pull: Pull }).pull.id;
}
