import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { OspainError } from '../protocol/index.ts';
import { importModel, watched } from './modelCommands.ts';
import type { Context } from './taskCommands.ts';

export interface UploadOptions {
  path: string;
  name?: string;
  version: string;
  alias?: string;
  url?: string;
  tokenFile?: string;
}

/** Adds a model file to the registry of this user, or of another machine. */
export async function uploadModel(context: Context, options: UploadOptions): Promise<number> {
  const { path, name, version, alias, url } = options;
  const wishes = { version, ...(alias && { alias }) };
  if (url === undefined) return importModel(context, path, { ...wishes, ...(name && { name }) });
  if (name === undefined)
    throw new OspainError('invalid_params', 'A model for another registry needs a name.', { hint: 'Say --name.' });
  const { host, link, screen } = context;
  const token = readToken(context, options.tokenFile);
  const { client } = await link.open();
  const file = resolve(host.cwd, path);
  const sent = await watched(context, client, `sending ${basename(file)}`, (requestId) =>
    client.request('upload/send', { requestId, path: file, name, url, token, ...wishes }),
  );
  screen.data({ sent });
  screen.print(`${sent.name}@${sent.version} ${sent.existed ? 'was there already' : 'is there now'}, at ${url}.`);
  return 0;
}

function readToken({ host }: Context, tokenFile?: string): string {
  if (tokenFile === undefined) {
    const token = host.env['OSPAIN2_API_TOKEN'];
    if (token) return token;
    throw new OspainError('unauthorized', 'The token of the other registry is needed.', {
      hint: 'Get it there with `ospain2 token show`, then say --token-file, or set OSPAIN2_API_TOKEN.',
    });
  }
  try {
    return readFileSync(resolve(host.cwd, tokenFile), 'utf8').trim();
  } catch (cause) {
    throw new OspainError('not_found', `The token file ${tokenFile} cannot be read.`, { cause });
  }
}
