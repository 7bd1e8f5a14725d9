import { spawn } from 'node:child_process';
import type { Listing } from './files.ts';
import { MAX_FILE } from './fileText.ts';

/** Files that one search looks into; of a text that more have, it is said that there is more. */
const MAX_FILES = 2000;
/** Milliseconds. */
const PATIENCE = 20_000;

/**
 * The same files as `listFiles` gives: what the workspace's own .gitignore files leave, hidden ones too, links not
 * followed. Settings of the person for ripgrep and for git do not count.
 */
const RULES = [
  '--no-config',
  '--hidden',
  '--no-follow',
  '--no-require-git',
  '--no-ignore-dot',
  '--no-ignore-exclude',
  '--no-ignore-global',
  '--no-ignore-parent',
  '--glob=!.git',
  '--glob=!node_modules',
];

/** Where the program is that comes with the product; undefined on a platform that has none. */
export async function ripgrepProgram(): Promise<string | undefined> {
  try {
    return (await import('@vscode/ripgrep')).rgPath;
  } catch {
    return undefined;
  }
}

/**
 * Paths of the files below `root`, and below `start` in it, that may have a text, in no order; undefined when ripgrep is
 * missing or fails, and then somebody else has to look. Stops after `MAX_FILES`.
 */
export async function filesWith(
  text: string,
  { root, start, signal, program }: { root: string; start: string; signal?: AbortSignal; program: string | undefined },
): Promise<Listing | undefined> {
  if (program === undefined || text.includes('\0')) return undefined;
  signal?.throwIfAborted();
  const options = [
    '--files-with-matches',
    '--null',
    '--fixed-strings',
    '--no-messages',
    '--no-heading',
    '--color=never',
  ];
  const limits = [`--max-filesize=${MAX_FILE}`, '--threads=2', '--path-separator=/'];
  const child = spawn(program, [...RULES, ...options, ...limits, '-e', text, './'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
    signal: AbortSignal.any([AbortSignal.timeout(PATIENCE), ...(signal ? [signal] : [])]),
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', (code) => resolve(code));
  });
  const listing: Listing = { paths: [], complete: true };
  for await (const path of pathsIn(child.stdout.setEncoding('utf8'))) {
    if (!path.startsWith(start)) continue;
    listing.paths.push(path);
    if (listing.paths.length < MAX_FILES) continue;
    listing.complete = false;
    child.kill();
    break;
  }
  const code = await ended;
  signal?.throwIfAborted();
  // 0: found, 1: nothing found; everything else but our own stop is a failure.
  return code === 0 || code === 1 || !listing.complete ? listing : undefined;
}

/** Each ends with a zero byte: a name may have line breaks in it. */
async function* pathsIn(output: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of output) {
    const paths = (rest + chunk).split('\0');
    rest = paths.pop() ?? '';
    for (const path of paths) yield path.replace(/^\.\//, '');
  }
}
