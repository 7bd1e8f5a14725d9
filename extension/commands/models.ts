import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Client } from '../../protocol/client.ts';
import type { Model } from '../../protocol/models.ts';
import { formatBytes, formatDecimal } from '../../protocol/quantities.ts';
import { plural, t } from '../../protocol/words.ts';
import type { Connected } from '../context.ts';
import { clock } from '../views/clock.ts';
import { modelLook } from '../views/modelItem.ts';
import { type Command, connected } from './command.ts';

/** Names that the product itself asks for. */
const aliases = () => [
  { label: 'default', description: t('tasks and chat') },
  { label: 'fast', description: t('what has to be quick') },
  { label: 'fill', description: t('inline completion') },
  { label: 'embed', description: t('finding similar texts') },
];

export const modelCommands: Readonly<Record<string, Command>> = {
  /** Takes files into the store: those that the person chooses, or the Uri given. */
  'ospain2.model.import': connected(async ({ client }, argument) => {
    const uris = argument instanceof vscode.Uri ? [argument] : await askFiles();
    for (const uri of uris) await importFile(client, uri.fsPath);
  }),

  /** Shares the files of models that other programs hold on this disk. */
  'ospain2.model.adopt': connected(async ({ client }) => {
    const { models } = await client.request('model/adoptable', {});
    const items = models
      .filter(({ adopted }) => adopted === null)
      .map((model) => ({
        label: [model.name, model.tag].filter(Boolean).join(':'),
        description: `${model.program} · ${formatBytes(model.bytes)}`,
        detail: model.path,
        model,
      }));
    if (items.length === 0) {
      void vscode.window.showInformationMessage(t('Other programs hold no model here that is not adopted already.'));
      return;
    }
    const title = t('Use which models of other programs? Their files are shared, not copied');
    for (const { model } of (await vscode.window.showQuickPick(items, { title, canPickMany: true })) ?? [])
      await withProgress(
        t('Reading {0}', model.name),
        (requestId) => client.request('model/adopt', { requestId, path: model.path }),
        client,
      );
  }),

  'ospain2.model.setAlias': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Which model gets another name?'));
    const alias = model && (await askAlias(model));
    if (model === undefined || alias === undefined) return;
    await context.client.request('model/setAlias', { alias, model: refOf(model) });
  }),

  'ospain2.model.load': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Load which model?'), ({ state }) => state !== 'ready');
    if (model === undefined) return;
    await inView(() => context.client.request('model/load', { model: refOf(model) }));
  }),

  'ospain2.model.unload': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Unload which model?'), ({ state }) => state === 'ready');
    if (model !== undefined) await context.client.request('model/unload', { model: refOf(model) });
  }),

  'ospain2.model.pin': connected((context, argument) => pin(context, argument, true)),
  'ospain2.model.unpin': connected((context, argument) => pin(context, argument, false)),

  'ospain2.model.benchmark': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Measure which model?'));
    if (model === undefined) return;
    const { benchmark } = await inView(() => context.client.request('model/benchmark', { model: refOf(model) }));
    const { promptRate, decodeRate, memoryBytes } = benchmark;
    void vscode.window.showInformationMessage(
      t(
        '{0}: {1} tokens/s of a prompt, {2} of an answer, {3} of memory.',
        model.name,
        formatDecimal(promptRate, 0),
        formatDecimal(decodeRate, 1),
        formatBytes(memoryBytes),
      ),
    );
  }),

  'ospain2.model.verify': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Verify which model?'), ({ sha256 }) => sha256 !== null);
    if (model === undefined) return;
    const { files } = await withProgress(
      t('Verifying {0}', model.name),
      (requestId) => context.client.request('model/verify', { requestId, model: refOf(model) }),
      context.client,
    );
    const bad = files.flatMap(({ path, found }) => (found === 'whole' ? [] : [foundText(path, found)]));
    if (bad.length === 0) void vscode.window.showInformationMessage(t('{0} is as it was imported.', model.name));
    else void vscode.window.showErrorMessage(`${model.name}: ${bad.join('; ')}.`);
  }),

  'ospain2.model.remove': connected(async (context, argument) => {
    const model = await pickModel(context, argument, t('Remove which model?'), ({ embedded }) => !embedded);
    if (model === undefined) return;
    const remove = t('Remove');
    const named = plural(
      'The name {1} goes with it.|The names {1} go with it.',
      model.aliases.length,
      model.aliases.join(', '),
    );
    const freed = t(
      'Its {0} in the store become free; a file that only lies elsewhere stays.',
      formatBytes(model.bytes),
    );
    const detail = model.aliases.length === 0 ? freed : `${freed} ${named}`;
    const question = t('Remove {0}?', refOf(model));
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
    await context.client.request('model/remove', { model: refOf(model) });
  }),
};

const foundText = (path: string, found: 'damaged' | 'missing'): string =>
  found === 'damaged' ? t('{0} is damaged', path) : t('{0} is missing', path);

const refOf = ({ name, version }: Model): string => `${name}@${version}`;

async function askFiles(): Promise<vscode.Uri[]> {
  const filters = { [t('Model files')]: ['gguf', 'safetensors', 'onnx', 'pt', 'pth', 'bin'] };
  return (await vscode.window.showOpenDialog({ title: t('Import Models'), canSelectMany: true, filters })) ?? [];
}

async function importFile(client: Client, path: string): Promise<void> {
  const { model, existed } = await withProgress(
    t('Importing {0}', path),
    (requestId) => client.request('model/import', { requestId, path }),
    client,
  );
  const text = existed ? t('{0} was there already.', refOf(model)) : t('{0} is imported.', refOf(model));
  const use = t('Use for Tasks');
  if ((await vscode.window.showInformationMessage(text, use)) === use)
    await client.request('model/setAlias', { alias: 'default', model: refOf(model) });
}

async function askAlias(model: Model): Promise<string | undefined> {
  const other = { label: t('Another name…'), description: '' };
  const title = t('What does {0} do?', refOf(model));
  const chosen = await vscode.window.showQuickPick([...aliases(), other], { title });
  return chosen === other
    ? vscode.window.showInputBox({ title, prompt: t('A name that leads to it.') })
    : chosen?.label;
}

async function pin(context: Connected, argument: unknown, pinned: boolean): Promise<void> {
  const title = pinned ? t('Which model stays loaded?') : t('Which model may be unloaded again?');
  const model = await pickModel(context, argument, title, (model) => model.pinned !== pinned);
  if (model !== undefined) await context.client.request('model/pin', { model: refOf(model), pinned });
}

/** The model that a row or a reference means, or that the person chooses. */
async function pickModel(
  { client }: Connected,
  argument: unknown,
  title: string,
  fits: (model: Model) => boolean = () => true,
): Promise<Model | undefined> {
  const { models } = await client.request('model/list', {});
  const meant = typeof argument === 'string' ? argument : modelOf(argument);
  const found = models.find((model) => refOf(model) === meant || model.aliases.includes(meant ?? ''));
  if (found !== undefined) return found;
  const items = models.filter(fits).map((model) => ({ ...modelLook(model, clock), model }));
  const picks = items.map(({ label, description, model }) => ({ label, description, model }));
  if (picks.length > 0) return (await vscode.window.showQuickPick(picks, { title, matchOnDescription: true }))?.model;
  void vscode.window.showInformationMessage(t('There is no model for that.'));
  return undefined;
}

function modelOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('model' in argument)) return undefined;
  const { model } = argument as { model: Model };
  return refOf(model);
}

/** The bar of the view of models moves meanwhile. */
const inView = <T>(run: () => Promise<T>): Thenable<T> =>
  vscode.window.withProgress({ location: { viewId: 'ospain2.models' } }, run);

/** Shows how far a request has come that reads or writes large files. */
function withProgress<T>(title: string, run: (requestId: string) => Promise<T>, client: Client): Thenable<T> {
  const requestId = randomUUID();
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title }, async (progress) => {
    let shown = 0;
    const stop = client.on('model/didProgress', ({ requestId: id, done, total }) => {
      const percent = Math.floor((100 * done) / Math.max(total, 1));
      if (id !== requestId || percent <= shown) return;
      progress.report({ increment: percent - shown, message: t('{0} % of {1}', percent, formatBytes(total)) });
      shown = percent;
    });
    try {
      return await run(requestId);
    } finally {
      stop();
    }
  });
}
