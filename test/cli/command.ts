import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { serverFolders } from '../contract/app.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Written to standard input. */
  input?: string;
  /** Sees the output as it comes, and may send a signal. */
  onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Sees standard error as it comes. */
  onError?: (text: string) => void;
}

/** Runs the built program with pipes: each run is two processes, which start several times as fast as from the sources. */
export async function runCli(
  args: readonly string[],
  { cwd, env, input = '', onOutput, onError }: RunOptions,
): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env, stdio: 'pipe' });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.stdout.on('data', (chunk: Buffer) => onOutput?.(String(chunk), (signal) => child.kill(signal)));
  child.stderr.on('data', (chunk: Buffer) => onError?.(String(chunk)));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, out, err };
}

/** What each line of `--json` says. */
export const jsonLines = (out: string): Record<string, unknown>[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** The program in a workspace of its own, which goes after the tests. */
export function ownWorkspace() {
  const folders = serverFolders();
  after(() => folders[Symbol.dispose]());
  const cwd = realpathSync(folders.workspace);
  const cli = (args: string[], options: Partial<RunOptions> = {}): Promise<Ran> =>
    runCli(args, { cwd, env: folders.env, ...options });
  return { cwd, cli, env: folders.env };
}
