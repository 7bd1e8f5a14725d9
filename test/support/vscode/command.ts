/** Runs one program to its end; its output is kept for the error message only. */
import { spawn } from 'node:child_process';
import { atExit } from './atExit.ts';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** A program that hangs (a registry that does not answer) must not hang the tests. Milliseconds. */
  readonly timeoutMs?: number;
}

/** Lines of output that an error message carries. */
const shownLines = 30;

export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env = process.env, timeoutMs = 900_000 } = options;
  const child = spawn(program, args, { cwd, env, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
  const callOff = atExit(() => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  }).finally(callOff);
  if (ended === 'exit code 0') return output;
  const shown = output.trim().split('\n').slice(-shownLines).join('\n');
  throw new Error(`${[program, ...args].join(' ')}: ${ended}\n${shown}`);
}
