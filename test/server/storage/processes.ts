import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Runs one program of this folder in several processes at once; resolves with what each printed. */
export async function allOf(
  count: number,
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [file, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    }),
  );
  // Each says that it is up and waits, so that the work of all begins together.
  await Promise.all(children.map(({ stdout }) => once(stdout, 'readable')));
  for (const { stdin } of children) stdin.end('go\n');
  return Promise.all(children.map(async ({ stdout }) => (await text(stdout)).replace(/^up\n/, '').trim()));
}

/** The other side: says that this process is up and waits for the word. */
export async function ready(): Promise<void> {
  process.stdout.write('up\n');
  await once(process.stdin.resume(), 'end');
}
