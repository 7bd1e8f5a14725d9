import '../guard/ofServer.ts';
import { realpathSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { guard } from '../guard/ofServer.ts';
import { type Editor, OspainError } from '../protocol/index.ts';
import { type App, createApp, createFailedApp } from './app.ts';
import { readSettings } from './settings.ts';
import { dataFolder } from './storage/dataFolder.ts';
import { assertSupportedNode } from './storage/node.ts';
import { openEditorLink } from './transports/editorLink.ts';
import { serveHttp } from './transports/http.ts';
import { serveLsp } from './transports/lsp.ts';
import { isAlive } from './transports/socket.ts';

/*
 * The server program.
 *   server.js --node-ipc | --stdio                     for an editor: JSON-RPC; workspace and settings come with `initialize`
 *   server.js --headless --workspace DIR [--settings JSON]   for programs: prints one line of JSON with the socket, ends when
 *                                                      standard input closes; --repair: also without a readable
 *                                                      database, for `backup/restore`; --running: only if one runs already
 */

const bundled = import.meta.url.endsWith('.js');
const beside = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const WORKER_PROGRAM = bundled ? beside('worker.js') : beside('inference/llama/worker.ts');
const BUNDLED_WORKER = bundled ? WORKER_PROGRAM : beside('../dist/worker.js');
const EMBEDDED_MODEL = beside('../media/models/canary.gguf');
const HUB_FOLDER = beside(bundled ? 'hub' : '../dist/hub');

/** Settings that nobody gives are those of the environment. */
interface Start {
  workspace: string;
  settings: unknown;
  settingsFrom: 'editor' | 'program';
  repair: boolean;
  editor?: Editor;
}

async function openApp({ workspace, settings, settingsFrom, ...more }: Start): Promise<App> {
  assertSupportedNode();
  const isGiven = settings !== undefined && settings !== null;
  return createApp({
    workspace: realWorkspace(workspace),
    workerProgram: WORKER_PROGRAM,
    bundledWorker: BUNDLED_WORKER,
    embeddedModel: EMBEDDED_MODEL,
    hubFolder: HUB_FOLDER,
    guard,
    settings: readSettings(isGiven ? settings : settingsOf(process.env)),
    settingsFrom: isGiven ? settingsFrom : 'environment',
    ...more,
  });
}

function realWorkspace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (cause) {
    throw new OspainError('not_found', `The workspace folder ${path} cannot be opened.`, {
      hint: 'Name an existing folder.',
      cause,
    });
  }
}

/** Serves a core on its socket; both end together. */
async function serveSocket(app: App) {
  const carrier = await serveHttp({ served: app, path: app.socketPath, onHeld: (path) => app.setSocket(path) });
  return {
    held: carrier.held,
    problem: carrier.problem,
    async dispose() {
      await carrier.dispose();
      await app.dispose();
    },
  };
}

/** A program without an editor has no settings; the environment may name the models. */
const settingsOf = ({
  OSPAIN2_MODELS: models = '',
  OSPAIN2_TRUST: trust = '',
  OSPAIN2_WORKERS: runtime = '',
}: NodeJS.ProcessEnv) => ({
  models: models.split(delimiter).filter((path) => path !== ''),
  ...(runtime !== '' && { workers: { runtime } }),
  // Nobody said so: whoever names a folder here means to work in it.
  trust: { 0: 'untrusted', 1: 'trusted' }[trust] ?? 'assumed',
});

interface HeadlessOptions {
  workspace: string;
  settings: string | undefined;
  repair: boolean;
  /** Only finds the server that runs. */
  running: boolean;
}

/** Whoever reads the line attaches to the socket: to this server's, or to the one that was there before. */
async function runHeadless({ workspace, settings, repair, running }: HeadlessOptions): Promise<void> {
  const { socket } = dataFolder(realWorkspace(workspace));
  const tell = (line: object) => new Promise((resolve) => process.stdout.write(`${JSON.stringify(line)}\n`, resolve));
  if (await isAlive(socket)) return void (await tell({ socket, attached: true }));
  if (running) throw new OspainError('unavailable', 'No server of this workspace is running.');
  const chosen: unknown = settings === undefined ? undefined : JSON.parse(settings);
  const app = await openApp({ workspace, settings: chosen, settingsFrom: 'program', repair });
  const served = await serveSocket(app);
  if (!served.held()) {
    await served.dispose();
    const problem = served.problem();
    if (problem !== null) throw problem;
    // Another server was quicker.
    return void (await tell({ socket, attached: true }));
  }
  const finish = () => void served.dispose().finally(() => process.exit(0));
  process.stdin.resume().once('end', finish).once('close', finish);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, finish);
  await tell({ socket, ...(app.locked() ? { locked: true } : {}) });
}

function runLanguageServer(): void {
  serveLsp({
    ...openEditorLink(process),
    async start({ workspace, settings, editor }) {
      try {
        // Without a readable database the models answer all the same, and a backup can be restored.
        const asked = { workspace, settings, settingsFrom: 'editor', repair: true } as const;
        const app = await openApp(editor === undefined ? asked : { ...asked, editor });
        const served = await serveSocket(app);
        return {
          ...app,
          dispatch: (method, params, call) => app.dispatch(method, params, { caller: 'editor', ...call }),
          dispose: served.dispose,
        };
      } catch (thrown) {
        return createFailedApp(OspainError.from(thrown));
      }
    },
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    strict: false,
    options: {
      headless: { type: 'boolean' },
      workspace: { type: 'string' },
      settings: { type: 'string' },
      repair: { type: 'boolean' },
      running: { type: 'boolean' },
    },
  });
  if (values.headless !== true) return runLanguageServer();
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  try {
    await runHeadless({
      workspace: text(values.workspace) ?? process.cwd(),
      settings: text(values.settings),
      repair: values.repair === true,
      running: values.running === true,
    });
  } catch (thrown) {
    const error = OspainError.from(thrown).toWire();
    process.stdout.write(`${JSON.stringify({ error })}\n`, () => process.exit(1));
  }
}

await main();
