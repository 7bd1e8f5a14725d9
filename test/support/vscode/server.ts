/**
 * Starts VS Code's server (code-server) on loopback, in a profile of its own, with the product installed from its VSIX.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command } from './command.ts';
import { startGroup } from './processGroup.ts';
import { createProfile, type Folders, type ProfileOptions } from './profile.ts';
import type { CodeServerTools } from './tools.ts';

export interface ServerOptions extends ProfileOptions {
  /** Installed as a person would install it. */
  readonly vsix?: string | undefined;
  /** VS Code takes extension tests from a page's address only with this on. It changes the workbench a little. */
  readonly testDriver?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
}

export interface Server {
  /** Of the page that shows the workspace. */
  readonly url: string;
  readonly folders: Folders;
  /** What the browser beside it starts with. */
  readonly env: Readonly<Record<string, string>>;
  /** Throws when the server has ended, with what it said last. */
  check(): Promise<void>;
  dispose(): Promise<void>;
}

/** Should the test process be killed outright, its server still ends by itself after this. */
const idleSeconds = 600;

export async function startServer(tools: CodeServerTools, options: ServerOptions = {}): Promise<Server> {
  const profile = createProfile(options);
  const { folders, env } = profile;
  const config = path.join(folders.root, 'config.yaml');
  const logFile = path.join(folders.root, 'server.log');
  const place = ['--config', config, '--user-data-dir', folders.userData, '--extensions-dir', folders.extensions];
  try {
    await writeFile(config, 'auth: none\ncert: false\n');
    if (options.vsix) {
      const install = [tools.entry, ...place, '--install-extension', path.resolve(options.vsix)];
      await command(tools.node, install, { env });
    }
  } catch (error) {
    profile.dispose();
    throw error;
  }
  const driver = options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
  const group = startGroup(tools.node, [tools.entry, ...place, ...serverFlags, ...driver], { env, logFile });
  const dispose = async (): Promise<void> => {
    await group.dispose();
    profile.dispose();
  };
  const said = (): Promise<string> => readFile(logFile, 'utf8');
  const check = async (): Promise<void> => {
    const ended = group.ended();
    if (ended) throw new Error(`VS Code's server ended: ${ended}\n${(await said()).slice(-2_000)}`);
  };
  try {
    const origin = await listening({ said, check, timeoutMs: options.timeoutMs ?? 120_000 });
    const url = `${origin}/?${new URLSearchParams({ folder: folders.workspace })}`;
    return { url, folders, env, check, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const serverFlags = [
  // The system picks the port; the server prints it.
  ...['--bind-addr', '127.0.0.1:0', '--auth', 'none', '--idle-timeout-seconds', String(idleSeconds)],
  ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
  '--disable-getting-started-override',
];

interface Listening {
  readonly said: () => Promise<string>;
  readonly check: () => Promise<void>;
  readonly timeoutMs: number;
}

async function listening({ said, check, timeoutMs }: Listening): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const origin = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(await said())?.[1];
    if (origin && (await fetch(`${origin}/healthz`).catch(() => undefined))?.ok) return origin;
    await check();
    if (Date.now() > deadline) {
      throw new Error(`VS Code's server did not listen within ${timeoutMs / 1000} s\n${await said()}`);
    }
    await delay(100);
  }
}
