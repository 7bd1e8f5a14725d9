import { constants, lstatSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandEnd, CommandRequest } from './command.ts';
import { runOpen } from './open.ts';
import { readChanges } from './view.ts';
import type { Program } from './windowsShell.ts';

export interface CopiedDeps {
  /** Real path of the workspace. */
  root: string;
  /** Where the copy is made, and removed again. */
  temporary: string;
  platform: NodeJS.Platform;
  now: () => number;
  env: NodeJS.ProcessEnv;
  /** The program that runs the command with nothing to write but these folders. */
  confine(command: string, writable: readonly string[]): Program;
}

/**
 * Runs a command in a copy of the workspace: what a system without overlays has for a view. Where the file system can, the
 * copy shares its blocks with the original.
 */
export async function runInCopy(deps: CopiedDeps, request: CommandRequest): Promise<CommandEnd> {
  const { root, platform, now, env } = deps;
  const { edits, ignored, signal } = request;
  const folder = realpathSync(mkdtempSync(join(deps.temporary, 'ospain2-view-')));
  try {
    const copy = join(folder, 'workspace');
    const home = join(folder, 'home');
    mkdirSync(home);
    await cp(root, copy, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (path) => !signal.aborted && canBeCopied(path),
    });
    signal.throwIfAborted();
    for (const [path, text] of edits) put(copy, path, text);
    const startedAt = now();
    const program = deps.confine(request.command, [copy, home]);
    const end = await runOpen({ program, env: { ...env, HOME: home, TMPDIR: home }, cwd: copy, platform }, request);
    if (end.ending !== 'itself') return end;
    const changes = await readChanges({ view: copy, written: copy, root, edits, ignored, startedAt, signal });
    return { ...end, ...changes };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A link that came in the place of a folder since the edit was made must not lead it out of the copy. */
function put(copy: string, path: string, text: string | null): void {
  let folder = copy;
  for (const part of path.split('/').slice(0, -1)) {
    folder = join(folder, part);
    const stats = lstatSync(folder, { throwIfNoEntry: false });
    if (stats?.isDirectory()) continue;
    rmSync(folder, { force: true });
    mkdirSync(folder);
  }
  const file = join(copy, path);
  const mode = lstatSync(file, { throwIfNoEntry: false })?.mode ?? 0o644;
  rmSync(file, { force: true });
  if (text !== null) writeFileSync(file, text, { mode: mode & 0o777 });
}

/** Pipes and sockets cannot be copied. */
function canBeCopied(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.isFile() || stats.isDirectory() || stats.isSymbolicLink());
}
