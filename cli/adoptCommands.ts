import { resolve } from 'node:path';
import { type AdoptableModel, type ModelTask, OspainError } from '../protocol/index.ts';
import { watched } from './modelCommands.ts';
import type { Context } from './taskCommands.ts';
import { fileSize, oneLine, table } from './text.ts';

/** Models that other programs hold on this disk. */
export async function listAdoptable({ link, screen }: Context): Promise<number> {
  const { models, isCut } = await (await link.open()).client.request('model/adoptable', {});
  for (const model of models) screen.data({ model });
  if (models.length === 0) {
    screen.print('Neither Ollama nor LM Studio nor the cache of Hugging Face holds a model here.');
    return 0;
  }
  const rows = models.map(({ program, name, tag, bytes, adopted, path }) => [
    program,
    oneLine([name, tag].filter(Boolean).join(':')),
    fileSize(bytes),
    adopted ?? '',
    oneLine(path),
  ]);
  const [head = '', ...lines] = table([['program', 'model', 'size', 'adopted as', 'file'], ...rows]);
  screen.print([screen.paint.dim(head), ...lines].join('\n'));
  if (isCut) screen.print('There is more than could be looked at.');
  return 0;
}

export interface AdoptOptions {
  name?: string;
  alias?: string;
  all?: boolean;
}

/** Shares the file of one of them, or of all. */
export async function adopt(context: Context, path: string | undefined, options: AdoptOptions): Promise<number> {
  const { host, link, screen } = context;
  if ((path === undefined) === (options.all !== true))
    throw new OspainError('invalid_params', 'Name one file of "ospain2 model adoptable", or say --all.');
  const { client } = await link.open();
  const { models } = await client.request('model/adoptable', {});
  const chosen: Pick<AdoptableModel, 'path' | 'name'>[] =
    path === undefined
      ? models.filter(({ adopted }) => adopted === null)
      : [{ path: resolve(host.cwd, path), name: path }];
  for (const { path, name } of chosen) {
    const { model, existed } = await watched(context, client, `reading ${name}`, (requestId) =>
      client.request('model/adopt', {
        requestId,
        path,
        ...(options.name && { name: options.name }),
        ...(options.alias && { alias: options.alias }),
      }),
    );
    screen.data({ model, existed });
    screen.print(`${model.name}@${model.version} ${existed ? 'was there already' : 'is adopted; its file is shared'}.`);
  }
  if (chosen.length === 0) screen.print('There is nothing to adopt.');
  return 0;
}

/** Names of models that may be worth a try on this machine. */
export async function listCatalogue({ link, screen }: Context, { task }: { task: ModelTask }): Promise<number> {
  const { models, note } = await (await link.open()).client.request('model/catalogue', { task });
  for (const model of models) screen.data({ model });
  const rows = models.map(({ name, memory, tasks, licence, source }) => [
    name,
    `${memory} GiB`,
    tasks.join(', '),
    licence,
    source,
  ]);
  const [head = '', ...lines] = table([['name', 'for', 'tasks', 'licence', 'pull as'], ...rows]);
  screen.print([screen.paint.dim(head), ...lines, '', screen.paint.dim(note)].join('\n'));
  return 0;
}
