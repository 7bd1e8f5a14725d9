import { readFileSync } from 'node:fs';
import { type Api, OspainError, type Params } from '../protocol/index.ts';
import type { Session } from './link.ts';
import type { Context } from './taskCommands.ts';

export interface ApiChoices {
  port?: number;
  lan?: boolean;
  registry?: boolean;
  /** False with `--no-api`. */
  api: boolean;
  showToken?: boolean;
}

/** Throws for choices that contradict each other. */
export function checkChoices({ api, registry, lan, port, showToken }: ApiChoices): void {
  if (api || !(registry || lan || showToken || port !== undefined)) return;
  throw new OspainError('invalid_params', 'Without the API there is no registry, port, network or token.', {
    hint: 'Leave --no-api out.',
  });
}

/** Opens the API of a server and says where it is; `ours` when it was not served before. Null when none is wanted. */
export async function openApi(
  context: Context,
  { client }: Session,
  { api: wanted, port, lan, registry = false, showToken = false }: ApiChoices,
): Promise<{ port: number; ours: boolean } | null> {
  if (!wanted) return null;
  const before = (await client.request('api/show', {})).api;
  const asked: Params<'api/start'> = { ...(port !== undefined && { port }), ...(lan !== undefined && { lan }) };
  const { api } =
    before !== null && Object.keys(asked).length === 0 ? { api: before } : await client.request('api/start', asked);
  context.screen.data({ api });
  tellApi(context, api, registry);
  if (showToken) tellToken(context, api.tokenFile);
  return { port: api.port, ours: before === null };
}

function tellApi({ screen }: Context, { url, lan, addresses, tokenFile }: Api, registry: boolean): void {
  screen.print(
    `Programs that know OpenAI's API find one at ${url}/v1${registry ? `, the registry at ${url}/models` : ''}.`,
  );
  screen.print(`They need the token: ospain2 token show (it is in ${screen.safe(tokenFile)}).`);
  if (!lan) return;
  const where = addresses.length === 0 ? 'as soon as this one has an address' : `at ${addresses.join(', ')}`;
  screen.warn(
    `Other machines reach it too, ${where}: whoever has the token uses, adds and removes models. ` +
      'Nothing is encrypted on the way, neither the token nor what is asked and answered.',
  );
}

export async function showToken(context: Context): Promise<number> {
  const { client } = await context.link.open();
  const { tokenFile } = await client.request('api/showToken', {});
  tellToken(context, tokenFile);
  return 0;
}

export async function rotateToken({ link, screen }: Context): Promise<number> {
  const { client } = await link.open();
  const { tokenFile } = await client.request('api/rotateToken', {});
  screen.data({ tokenFile });
  screen.print(`A new token is in ${screen.safe(tokenFile)}. Programs with the old one are refused from now on.`);
  return 0;
}

/** It crosses no wire: whoever may ask the server may read the file. */
function tellToken({ screen }: Context, tokenFile: string): void {
  const token = readFileSync(tokenFile, 'utf8').trim();
  screen.data({ token, tokenFile });
  screen.print(token);
}
