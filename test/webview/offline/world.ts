import 'fake-indexeddb/auto';
import { type Client, createClient, LINE_PATH, PROOF_HEADER } from '../../../protocol/index.ts';
import type { App } from '../../../server/app.ts';
import { createBrowserSession } from '../../../webview/line/browserSession.ts';
import { createLine, type Line } from '../../../webview/line/line.ts';
import { socketPipe } from '../../../webview/line/socketPipe.ts';
import { type Offline, openOffline } from '../../../webview/offline/offline.ts';
import { openApp, serverFolders } from '../../contract/app.ts';
import { type Browser, type ServedApi, serveApi, WORKSPACE } from '../../server/transports/api/serveApi.ts';

/** What a browser adds by itself, the socket of Node has to be told. */
type NodeSocket = new (url: string, options: { protocols: string[]; headers: Record<string, string> }) => WebSocket;

/** A page of the hub without its pictures: what it asks, what it keeps. */
export interface Page extends AsyncDisposable {
  readonly client: Client;
  readonly offline: Offline;
  readonly line: Line;
  readonly troubles: unknown[];
  /** Resolves when the line is, or says that it is, like that. */
  until(name: Line['state']['name']): Promise<void>;
  /** Resolves when the condition holds, looking after each change. */
  when(condition: () => boolean): Promise<void>;
}

export interface World extends AsyncDisposable {
  readonly app: App;
  /** By the server's own way, beside the browser. */
  readonly client: Client;
  readonly served: ServedApi;
  readonly browser: Browser;
  /** The person's time, in Unix milliseconds. */
  time: number;
  /** Nobody answers at the port any more, or somebody does again. */
  away(): Promise<void>;
  back(): Promise<void>;
  visit(): Promise<Page>;
}

/** The real server and its database, and browsers that were let in. */
export async function createWorld(): Promise<World> {
  const folders = serverFolders();
  const app = await openApp(folders.workspace, folders.env);
  const pages: Page[] = [];
  let time = Date.now();
  const served = await serveApi({ memory: app, now: () => time });
  const world: World = {
    ...{ app, served, browser: await served.enter() },
    get time() {
      return time;
    },
    set time(next) {
      time = next;
    },
    client: createClient({
      async request(method, params) {
        const outcome = await app.dispatch(method, params);
        if (!outcome.ok) throw Object.assign(new Error(outcome.error.message), outcome.error);
        return outcome.result;
      },
      onNotification: app.onNotification,
      close: async () => {},
    }),
    away: () => served.carrier.stop(),
    back: async () => void (await served.carrier.start({ port: served.api.port, lan: false })),
    async visit() {
      const page = await visit(world);
      pages.push(page);
      return page;
    },
    async [Symbol.asyncDispose]() {
      for (const page of pages) await page[Symbol.asyncDispose]();
      await served[Symbol.asyncDispose]();
      await app.dispose();
      folders[Symbol.dispose]();
    },
  };
  return world;
}

async function visit(world: World): Promise<Page> {
  const { served, browser } = world;
  const { cookie, [PROOF_HEADER]: proof } = browser;
  const memory = new Map([
    ['ospain2.workspace', WORKSPACE],
    [`ospain2.proof.${WORKSPACE}`, proof],
  ]);
  const { url } = served.api;
  const session = createBrowserSession({
    location: { hash: '', href: `${url}/hub/` },
    memory: {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    },
    // A connection of its own each time: one that is kept survives no restart of the server.
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', cookie);
      headers.set('connection', 'close');
      return fetch(input, { ...init, headers });
    },
    forgetFragment() {},
    onOtherWorkspace() {},
  });
  const troubles: unknown[] = [];
  const line = createLine({
    open: socketPipe({
      session,
      connect: (protocols) =>
        new (WebSocket as unknown as NodeSocket)(`${url.replace('http', 'ws')}${LINE_PATH}`, {
          protocols,
          headers: { cookie, origin: url },
        }),
    }),
    delay(_ms, callback) {
      const timer = setTimeout(callback, 10);
      return () => clearTimeout(timer);
    },
    random: () => 0,
  });
  const offline = await openOffline({
    ...{ workspace: WORKSPACE, line, newId: () => crypto.randomUUID(), now: () => world.time },
    onSession: session.onLook,
    alone: (run) => run(),
    onTrouble: (thrown) => void troubles.push(thrown),
  });
  const client = createClient(offline.carrier);
  return {
    ...{ client, offline, line, troubles },
    until: (name) =>
      new Promise((resolve) => {
        if (line.state.name === name) resolve();
        else
          line.onDidChangeState((state) => {
            if (state.name === name) resolve();
          });
      }),
    when: (condition) =>
      new Promise((resolve) => {
        const look = () => {
          if (!condition()) return;
          stop();
          resolve();
        };
        const stop = offline.onDidChange(look);
        queueMicrotask(look);
      }),
    async [Symbol.asyncDispose]() {
      await offline.close();
      await line.close();
    },
  };
}

/** What this browser keeps anything of. */
export const keptDatabases = async (): Promise<(string | undefined)[]> =>
  (await indexedDB.databases()).map(({ name }) => name);

declare const indexedDB: { databases(): Promise<{ name?: string }[]> };
