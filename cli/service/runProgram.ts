import { spawn } from 'node:child_process';

/** Runs a program of the system without a word; its exit code, or null where it is missing or was killed. */
export function runProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: 'ignore', windowsHide: true });
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
}
