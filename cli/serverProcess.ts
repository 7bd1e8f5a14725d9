import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { OspainError, WireError } from '../protocol/index.ts';

export interface ServerOptions {
  /** The server program: `dist/server.js`, or its source. */
  program: string;
  workspace: string;
  env: NodeJS.ProcessEnv;
  /** What a server that is started here runs with, instead of what the environment says. */
  settings?: Record<string, unknown>;
  /** Starts also where the database cannot be opened, so that a backup can be restored. */
  repair?: boolean;
  /** Hears what a server that is started here says on standard error. */
  onWords?: (words: string) => void;
  /** Rejects with `unavailable` where no server runs. */
  runningOnly?: boolean;
}

/** A server of the workspace that answers on its socket. */
export interface ServerProcess {
  readonly socket: string;
  /** Whether it ran before and stays; else it is ours and ends with `close`, or when this process dies. */
  readonly attached: boolean;
  /** Whether it was just started and waits for a passphrase. */
  readonly locked: boolean;
  close(): Promise<void>;
}

/** Milliseconds that a server gets to end before nobody waits for it any more. */
const GRACE = 5000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts the server program of a workspace. Where another server answers already, the program says so and ends: only
 * the server knows where its socket is. Rejects with the server's own error, or `unavailable`.
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const { program, workspace, env, settings, repair = false, runningOnly = false } = options;
  const args = [program, '--headless', '--workspace', workspace, ...(repair ? ['--repair'] : [])];
  if (runningOnly) args.push('--running');
  if (settings !== undefined) args.push('--settings', JSON.stringify(settings));
  const child: Child = spawn(process.execPath, args, {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C in the terminal is for this process to answer. When it dies, standard input closes.
    detached: true,
    windowsHide: true,
  });
  // Its last words, should it die before it is ready.
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-2000);
    options.onWords?.(text);
  });
  // A server that just died cannot be written to.
  child.stdin.on('error', () => {});
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const failed = new Promise<never>((_resolve, reject) => child.once('error', reject));
  const close = async () => {
    child.stdin.end();
    const late = new Promise<void>((resolve) => setTimeout(resolve, GRACE).unref());
    await Promise.race([exited, late]);
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
  };
  try {
    const ready = await Promise.race([readReady(child), failed]);
    return { ...ready, close };
  } catch (thrown) {
    await close();
    if (thrown instanceof OspainError) throw thrown;
    throw new OspainError('unavailable', 'The server of this workspace cannot be started.', {
      hint: 'Reinstall OSPAiN2 if this stays.',
      cause: words.trim() || thrown,
    });
  }
}

/** The one line of JSON that the server prints when it is ready, or cannot be. */
async function readReady(child: Child): Promise<Pick<ServerProcess, 'socket' | 'attached' | 'locked'>> {
  for await (const line of createInterface({ input: child.stdout })) {
    const { socket, attached, locked, error } = JSON.parse(line) as Record<string, unknown>;
    if (error !== undefined) throw OspainError.fromWire(WireError.parse(error));
    if (typeof socket === 'string') return { socket, attached: attached === true, locked: locked === true };
  }
  throw new Error('the server ended before it was ready');
}
