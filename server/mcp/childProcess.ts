import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { networkWall } from '../../guard/wall.ts';
import type { StdioServer } from './settings.ts';

export type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Of our own environment a server gets no more than what programs need to run; the rest may hold secrets. */
const PASSED_ON = [
  ...[
    'PATH',
    'HOME',
    'LANG',
    'LC_ALL',
    'LC_CTYPE',
    'LOGNAME',
    'SHELL',
    'TERM',
    'TMPDIR',
    'TZ',
    'USER',
    'XDG_RUNTIME_DIR',
  ],
  ...[
    'APPDATA',
    'COMSPEC',
    'HOMEDRIVE',
    'HOMEPATH',
    'LOCALAPPDATA',
    'PATHEXT',
    'PROCESSOR_ARCHITECTURE',
    'PROGRAMDATA',
  ],
  ...[
    'PROGRAMFILES',
    'PROGRAMFILES(X86)',
    'SYSTEMDRIVE',
    'SYSTEMROOT',
    'TEMP',
    'TMP',
    'USERNAME',
    'USERPROFILE',
    'WINDIR',
  ],
];

export function scrubbed(env: NodeJS.ProcessEnv, own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const passed = Object.entries(env).filter(([name]) => PASSED_ON.includes(name.toUpperCase()));
  return { ...Object.fromEntries(passed), ...own };
}

/**
 * Starts a server in a process group of its own, so that all that it starts ends with it; and without a network where the system can
 * and its entry does not say otherwise.
 */
export function startChild(server: StdioServer, env: NodeJS.ProcessEnv): Child {
  const { command, args, cwd, env: own } = server;
  const ownEnv = scrubbed(env, own);
  const wall = server.network || !isThere(command, cwd, ownEnv) ? [] : networkWall();
  const [file = command, ...rest] = [...wall, command, ...args];
  return spawn(file, rest, {
    cwd,
    env: ownEnv,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}

/** Whether the system finds a program; one that it does not find is to fail as that, and not as something inside of a wall. */
const isThere = (command: string, cwd: string, { PATH = '' }: NodeJS.ProcessEnv): boolean =>
  command.includes('/')
    ? existsSync(resolve(cwd, command))
    : PATH.split(delimiter).some((folder) => existsSync(resolve(cwd, folder, command)));

/**
 * Ends a server as the protocol says: its input closes, then it is asked, then killed, each after `ms`; with it whatever it
 * started and left in its process group. Resolves when it is gone.
 */
export async function endChild(child: Child, ms: number): Promise<void> {
  if (child.pid === undefined) return;
  const exited = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });
  const within = () => {
    const { promise, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(resolve, ms, 'late');
    return Promise.race([exited, promise]).finally(() => clearTimeout(timer));
  };
  child.stdin.end();
  if ((await within()) === 'late') {
    signal(child, 'SIGTERM');
    if ((await within()) === 'late') signal(child, 'SIGKILL');
    await exited;
  }
  // The group may have outlived its first process.
  signal(child, 'SIGKILL');
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
}

function signal(child: Child, name: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawn('taskkill', ['/PID', String(child.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => {},
    );
    return;
  }
  try {
    process.kill(-child.pid, name);
  } catch {
    // Nobody is left.
  }
}
