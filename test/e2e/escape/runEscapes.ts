import { spawn } from 'node:child_process';
import { chmodSync, chownSync, closeSync, copyFileSync, mkdtempSync, openSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Try } from './escapeProgram.ts';

/** A user that owns nothing; `nobody` everywhere. */
const NOBODY = 65_534;
/** The number under which the program inherits an open folder; beyond those that Node closes by itself. */
const LEFT_OPEN = 40;

/**
 * Every try of the program, run by whoever runs the tests, or by `nobody`: for that one the program and Node are put where it
 * can read them, since the repository may lie in somebody's home.
 */
export async function runEscapes(mode: 'sandboxed' | 'open', user: 'self' | 'nobody'): Promise<Try[]> {
  // Not in the folder of the test run, which is nobody else's.
  const base = realpathSync(mkdtempSync('/tmp/ospain2-escape-'));
  try {
    const program = join(base, 'escapeProgram.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('escapeProgram.ts', import.meta.url))],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      // What is bundled asks for Node's modules in the old way.
      banner: {
        js: "import { createRequire as requireIn } from 'node:module'; const require = requireIn(import.meta.url);",
      },
      logLevel: 'silent',
    });
    const folder = mkdtempSync(join(base, 'run-'));
    let command = [process.execPath, program, mode, folder];
    if (user === 'nobody') {
      const node = join(base, 'node');
      copyFileSync(process.execPath, node);
      for (const path of [base, node]) chmodSync(path, 0o755);
      chownSync(folder, NOBODY, NOBODY);
      const become = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
      command = [...become, node, program, mode, folder];
    }
    return await start(command, folder);
  } finally {
    rmSync(base, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function start([file = '', ...args]: string[], folder: string): Promise<Try[]> {
  const left = openSync(folder, 'r');
  const idle = Array.from({ length: LEFT_OPEN - 3 }, () => 'ignore' as const);
  const child = spawn(file, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe', ...idle, left] });
  closeSync(left);
  const [out, problem, code] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`the program of the escapes ended with ${code}: ${problem.slice(-2000)}`);
  return out
    .trim()
    .split('\n')
    .map((line): Try => JSON.parse(line));
}
