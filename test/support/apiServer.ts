import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import OpenAI from 'openai';
import { createSocketCarrier } from '../../cli/socketCarrier.ts';
import { type Api, type Client, createClient, type Params } from '../../protocol/index.ts';
import { SERVER_PROGRAM, serverFolders } from '../contract/app.ts';

/** A server process of the sources with its API, and a client of OpenAI's that knows its token. */
export interface ApiServer extends AsyncDisposable {
  client: Client;
  api: Api;
  token: string;
  openai: OpenAI;
  child: ChildProcess;
  /** Asks the API, with the token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export async function startApiServer(
  models: readonly string[] = [],
  options: Params<'api/start'> = {},
): Promise<ApiServer> {
  const folders = serverFolders();
  const settings = JSON.stringify({ threads: 1, models });
  const args = [SERVER_PROGRAM, '--headless', '--workspace', folders.workspace, '--settings', settings];
  const child = spawn(process.execPath, args, { env: folders.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const carrier = createSocketCarrier((JSON.parse(line) as { socket: string }).socket);
  await carrier.subscribed();
  const client = createClient(carrier);
  const { api } = await client.request('api/start', { port: 0, ...options });
  const token = readFileSync(api.tokenFile, 'utf8').trim();
  return {
    client,
    api,
    token,
    child,
    openai: new OpenAI({ baseURL: `${api.url}/v1`, apiKey: token, maxRetries: 0 }),
    fetch: (path, init = {}) => {
      const headers = new Headers(init.headers);
      if (!headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
      return fetch(`${api.url}${path}`, { ...init, headers });
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      child.stdin.end();
      await exited;
      folders[Symbol.dispose]();
    },
  };
}
