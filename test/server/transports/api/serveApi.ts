import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type Api, type ApiOptions, PROOF_HEADER, readEntryFragment } from '../../../../protocol/index.ts';
import type { Dispatch } from '../../../../server/dispatch.ts';
import { createApiToken } from '../../../../server/storage/apiToken.ts';
import { createHubSessions } from '../../../../server/storage/hubSessions.ts';
import { type ApiCarrier, createApiCarrier } from '../../../../server/transports/api/api.ts';
import type { Limits } from '../../../../server/transports/api/limits.ts';
import type { Served } from '../../../../server/transports/served.ts';
import { createMemory } from '../../../contract/memory.ts';
import { tempFolder } from '../../../support/temp.ts';

export interface ServedApi extends AsyncDisposable {
  carrier: ApiCarrier;
  api: Api;
  token: string;
  changes: (Api | null)[];
  warnings: string[];
  /** Sends bytes as they are, and reads until the server hangs up. */
  raw(bytes: string, host?: string): Promise<string>;
  /** Asks with the token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  /** Lets a browser in, and resolves with the headers that it sends from then on. */
  enter(): Promise<Browser>;
}

/** What the requests of a browser that was let in say. */
export interface Browser extends Record<string, string> {
  cookie: string;
  [PROOF_HEADER]: string;
}

export interface ServeOptions extends Partial<ApiOptions> {
  dispatch?: Dispatch;
  memory?: Served;
  limits?: Partial<Limits>;
  now?: () => number;
}

/** The API in this process, over a core without storage and models or over a dispatch of the test's own. */
export async function serveApi({
  dispatch,
  memory = createMemory(),
  limits = {},
  port = 0,
  lan = false,
  now = Date.now,
}: ServeOptions = {}): Promise<ServedApi> {
  const folder = tempFolder('api');
  const secret = createApiToken(folder.path);
  const changes: (Api | null)[] = [];
  const warnings: string[] = [];
  const quiet = { error() {}, info() {}, debug() {}, warn: (line: string) => void warnings.push(line) };
  const carrier = createApiCarrier({
    served: { ...memory, ...(dispatch && { dispatch }) },
    token: secret,
    hub: {
      audit() {},
      folder: hubFolder(folder.path),
      workspace: WORKSPACE,
      sessions: createHubSessions(join(folder.path, 'hub-sessions.json'), now),
    },
    now,
    onChange: (api) => void changes.push(api),
    log: quiet,
    limits,
  });
  const api = await carrier.start({ port, lan });
  const token = secret.read() ?? '';
  const ask = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(`${api.url}${path}`, { ...init, headers });
  };
  return {
    ...{ carrier, api, token, changes, warnings },
    async raw(bytes, host = '127.0.0.1') {
      const socket = connect({ port: api.port, host });
      socket.write(bytes);
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      // Hung up on, whoever still writes sees a reset.
      socket.on('error', () => {});
      await new Promise((resolve) => socket.once('close', resolve));
      return text;
    },
    fetch: ask,
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async enter() {
      const answer = await fetch((await carrier.openHub({ serve: false })).url, { redirect: 'manual' });
      return browserIn(answer);
    },
    async [Symbol.asyncDispose]() {
      await carrier.stop();
      folder[Symbol.dispose]();
    },
  };
}

/** The status of a raw answer; 0 when there was none. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

/** The name of the test's workspace, as a data folder names one. */
export const WORKSPACE = '0123456789abcdef';

/** What a browser makes of the answer that lets it in. */
export function browserIn(answer: Response): Browser {
  const [, fragment = ''] = answer.headers.get('location')?.split('#') ?? [];
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { cookie, [PROOF_HEADER]: readEntryFragment(fragment)?.proof ?? '' };
}

/** A hub as it is built, in small; a file that is none of it lies beside. */
function hubFolder(parent: string): string {
  const folder = join(parent, 'hub');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><html><head><title>Hub</title></head><body></body></html>');
  writeFileSync(join(folder, 'assets', 'main-abcd1234.js'), 'export {};');
  writeFileSync(join(folder, '.sources'), 'hidden');
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  return folder;
}
