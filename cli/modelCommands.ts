import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { type Client, OspainError, type Params } from '../protocol/index.ts';
import { benchmarkTable, modelTable, modelText } from './modelText.ts';
import type { Context } from './taskCommands.ts';
import { fileSize, plural } from './text.ts';

export async function listModels({ link, screen }: Context): Promise<number> {
  const { models } = await (await link.open()).client.request('model/list', {});
  for (const model of models) screen.data({ model });
  screen.print(modelTable(models, screen));
  return 0;
}

export async function showModel({ link, screen }: Context, ref: string): Promise<number> {
  const shown = await (await link.open()).client.request('model/show', { model: ref });
  screen.data(shown);
  screen.print(modelText(shown, screen));
  return 0;
}

export interface ImportOptions {
  name?: string;
  version?: string;
  alias?: string;
  licence?: string;
  link?: boolean;
  move?: boolean;
}

export async function importModel(context: Context, file: string, options: ImportOptions): Promise<number> {
  const { host, link, screen } = context;
  const { name, version, alias, licence } = options;
  if (options.link === true && options.move === true)
    throw new OspainError('invalid_params', 'A file is either linked or moved.');
  const { client } = await link.open();
  const { model, existed } = await watched(context, client, `importing ${file}`, (requestId) =>
    client.request('model/import', {
      requestId,
      path: resolve(host.cwd, file),
      ...(name && { name }),
      ...(version && { version }),
      ...(alias && { alias }),
      ...(licence && { licence }),
      how: options.link ? 'link' : options.move ? 'move' : 'copy',
    }),
  );
  screen.data({ model, existed });
  screen.print(
    `${model.name}@${model.version} ${existed ? 'was there already' : 'is imported'} (${fileSize(model.bytes)}).`,
  );
  return 0;
}

export async function removeModel({ link, screen }: Context, ref: string): Promise<number> {
  const removed = await (await link.open()).client.request('model/remove', { model: ref });
  screen.data({ removed });
  const { aliases } = removed;
  const lost =
    aliases.length === 0
      ? ''
      : ` The ${aliases.length === 1 ? 'alias' : 'aliases'} ${aliases.join(', ')} went with it.`;
  screen.print(`${removed.name}@${removed.version} is removed; ${fileSize(removed.freed)} are free again.${lost}`);
  return 0;
}

export async function setAlias({ link, screen }: Context, alias: string, ref: string): Promise<number> {
  const { model } = await (await link.open()).client.request('model/setAlias', { alias, model: ref });
  screen.data({ model });
  screen.print(`${alias} leads to ${model.name}@${model.version}.`);
  return 0;
}

export async function removeAlias({ link, screen }: Context, alias: string): Promise<number> {
  await (await link.open()).client.request('model/removeAlias', { alias });
  screen.print(`There is no alias ${alias} any more.`);
  return 0;
}

export interface TagOptions {
  add?: string[];
  remove?: string[];
}

export async function tagModel({ link, screen }: Context, ref: string, { add, remove }: TagOptions): Promise<number> {
  const changes: Params<'model/tag'> = { model: ref, add: add ?? [], remove: remove ?? [] };
  const { model } = await (await link.open()).client.request('model/tag', changes);
  screen.data({ model });
  screen.print(`${model.name}@${model.version}: ${model.tags.join(', ') || 'no tags'}`);
  return 0;
}

export async function verifyModel(context: Context, ref: string): Promise<number> {
  const { client } = await context.link.open();
  const { model, files } = await watched(context, client, `reading ${ref}`, (requestId) =>
    client.request('model/verify', { requestId, model: ref }),
  );
  const { screen } = context;
  screen.data({ model, files });
  const bad = files.filter(({ found }) => found !== 'whole');
  for (const { path, found } of bad) screen.print(`${screen.paint.red(found)}  ${screen.safe(path)}`);
  if (bad.length > 0) return 1;
  screen.print(`${model.name}@${model.version} is as it was imported (${plural(files.length, 'file')}).`);
  return 0;
}

export async function collectModels({ link, screen }: Context, options: { dryRun?: boolean }): Promise<number> {
  const dryRun = options.dryRun === true;
  const collected = await (await link.open()).client.request('model/collect', { dryRun });
  screen.data({ collected });
  const what = `${plural(collected.files, 'file')}, ${fileSize(collected.bytes)}`;
  screen.print(collected.files === 0 ? 'Nothing lies around.' : `${dryRun ? 'Would free' : 'Freed'} ${what}.`);
  return 0;
}

/** What changes how a model is kept in memory. */
export async function holdModel(
  context: Context,
  ref: string,
  how: 'load' | 'unload' | 'pin' | 'unpin',
): Promise<number> {
  const { link, screen } = context;
  const { client } = await link.open();
  screen.live({ text: how === 'load' ? `loading ${ref}` : how, since: performance.now(), tail: '' });
  const { model } = await (how === 'load' || how === 'unload'
    ? client.request(`model/${how}`, { model: ref })
    : client.request('model/pin', { model: ref, pinned: how === 'pin' }));
  screen.live(null);
  screen.data({ model });
  screen.print(`${model.name}@${model.version} ${held[how]}.`);
  return 0;
}

const held = {
  load: 'is loaded',
  unload: 'is not loaded any more',
  pin: 'stays loaded',
  unpin: 'may be unloaded to make room',
} as const;

export async function benchModel({ link, screen }: Context, ref: string): Promise<number> {
  const { client } = await link.open();
  screen.live({ text: `measuring ${ref}`, since: performance.now(), tail: '' });
  const { benchmark } = await client.request('model/benchmark', { model: ref });
  screen.live(null);
  screen.data({ benchmark });
  screen.print(benchmarkTable([benchmark], screen.paint));
  return 0;
}

/** Shows how far a request has come that reads or writes files. */
export async function watched<T>(
  { screen }: Context,
  client: Client,
  text: string,
  run: (requestId: string) => Promise<T>,
): Promise<T> {
  const [requestId, since] = [randomUUID(), performance.now()];
  screen.live({ text, since, tail: '' });
  const stop = client.on('model/didProgress', (progress) => {
    if (progress.requestId !== requestId) return;
    const part = progress.done / Math.max(progress.total, 1);
    screen.live({
      text: `${text}, ${Math.floor(100 * part)} % of ${fileSize(progress.total)}`,
      ...{ since, tail: '', part },
    });
  });
  try {
    return await run(requestId);
  } finally {
    stop();
    screen.live(null);
  }
}
