import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, posix, resolve, win32 } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/*
 * A file for each `ospain2 serve` that runs. Who removes it asks the program to end as with Ctrl+C: Windows has no signal
 * that could, and a number of a process may be another's by now.
 */

/** One that runs. */
export interface Serving {
  readonly pid: number;
  readonly workspace: string;
  /** The program and its arguments, to start it again. */
  readonly command: readonly string[];
  /** The system started it. */
  readonly service: boolean;
}

/** How often it looks whether its file is still there. Milliseconds. */
const LOOK_EVERY = 1000;

/** Says that this process serves; `ended` resolves when somebody asks it to end. The file goes with `dispose`. */
export function announceServing(folder: string, serving: Serving) {
  const file = join(folder, `${serving.pid}.json`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(serving), { mode: 0o600 });
  const ended = Promise.withResolvers<null>();
  const look = setInterval(() => {
    if (!existsSync(file)) ended.resolve(null);
  }, LOOK_EVERY).unref();
  return {
    ended: ended.promise,
    dispose() {
      clearInterval(look);
      rmSync(file, { force: true });
    },
  };
}

/** All that run. Files of those that died are removed. */
export function listServings(folder: string): Serving[] {
  return entries(folder).flatMap(({ file, serving }) => {
    if (serving !== undefined && isAlive(serving.pid)) return [serving];
    rmSync(file, { force: true });
    return [];
  });
}

/** Asks these to end, and waits until they did; returns those that are still there after `patience` milliseconds. */
export async function endServings(folder: string, servings: readonly Serving[], patience: number): Promise<Serving[]> {
  for (const { pid } of servings) rmSync(join(folder, `${pid}.json`), { force: true });
  const until = Date.now() + patience;
  let left = servings.filter(({ pid }) => isAlive(pid));
  while (left.length > 0 && Date.now() < until) {
    await sleep(100);
    left = left.filter(({ pid }) => isAlive(pid));
  }
  return left;
}

function entries(folder: string): { file: string; serving: Serving | undefined }[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  return names.map((name) => ({ file: join(folder, name), serving: readServing(join(folder, name)) }));
}

/** Undefined for one that is half written, or gone by now. */
function readServing(file: string): Serving | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Serving;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const homeOf = (env: NodeJS.ProcessEnv): string =>
  env[process.platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();

/** The folder of these files: in that of the server's data, which the command line otherwise leaves to the server. */
export function servingsFolder(
  env: NodeJS.ProcessEnv,
  home: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const { join } = platform === 'win32' ? win32 : posix;
  return join(dataRoot(env, home, platform), 'serving');
}

function dataRoot(env: NodeJS.ProcessEnv, home: string, platform: NodeJS.Platform): string {
  const { join } = platform === 'win32' ? win32 : posix;
  const chosen = env['OSPAIN2_DATA_DIR'];
  if (chosen) return resolve(chosen);
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'OSPAiN2');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'OSPAiN2');
  const shared = env['XDG_DATA_HOME'];
  return join(shared && isAbsolute(shared) ? shared : join(home, '.local', 'share'), 'ospain2');
}
