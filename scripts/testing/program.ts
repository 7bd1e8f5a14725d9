/** A child program of the test run, in a process group of its own so that nothing of it outlives its time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { repository } from '../paths.ts';

export interface Program {
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Kept for later instead of shown at once. */
  readonly quiet?: boolean;
  readonly timeoutMs: number;
}

export interface Ended {
  /** 0 when all went well. */
  readonly code: number;
  readonly output: string;
}

const running = new Set<() => void>();

/** Runs this repository's Node; resolves when the program and its output have ended, whatever its exit code. */
export async function program({ args, env = process.env, quiet = false, timeoutMs }: Program): Promise<Ended> {
  const grouped = process.platform !== 'win32';
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env,
    detached: grouped,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (!quiet) process.stdout.write(text);
    });
  }
  const end = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // It had ended by itself.
    }
  };
  running.add(end);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeoutMs);
  try {
    const closed = once(child, 'close');
    const [status]: (number | null)[] = await once(child, 'exit');
    // A grandchild that was left behind would hold the pipes open for ever.
    end();
    await Promise.race([closed, delay(2_000, undefined, { ref: false })]);
    const code = status ?? 1;
    return late
      ? { code: 1, output: `${output}\nended after ${timeoutMs / 1000} s: too slow, or it hangs` }
      : { code, output };
  } finally {
    clearTimeout(timer);
    end();
    running.delete(end);
  }
}

/** Ends every program that still runs, with all its children. */
export function endPrograms(): void {
  for (const end of running) end();
}
