import { lstatSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { OspainError, type ParsedParams, type Result } from '../../protocol/index.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Notes } from './notes.ts';

const AT_ONCE = 200;

/**
 * Writes all notes as files, not encrypted, letter for letter, below a folder that is made when its parent is there. A file
 * with another text is kept, unless it is to be overwritten; no link is followed out of the folder.
 */
export function createFolderExport({ notes }: { notes: Notes }) {
  return async (
    { folder, overwrite }: ParsedParams<'note/export'>,
    signal: AbortSignal,
  ): Promise<Result<'note/export'>> => {
    const root = guarded(() => ready(folder));
    const done: Result<'note/export'> = { written: 0, unchanged: 0, kept: [] };
    for (let after: string | undefined; ; ) {
      const page = notes.list({ order: 'path', limit: AT_ONCE, ...(after !== undefined && { after }) });
      for (const { path } of page.notes) {
        const wrote = guarded(() => write({ root, path, text: notes.show(path).text, overwrite }));
        if (wrote === 'kept') done.kept.push(path);
        else done[wrote] += 1;
      }
      if (page.next === null) return done;
      after = page.next;
      signal.throwIfAborted();
      await setImmediate();
    }
  };
}

function ready(folder: string): string {
  if (!isAbsolute(folder) || folder.includes('\0'))
    throw new OspainError('invalid_params', 'The path of a folder must be absolute.');
  if (!statSync(dirname(folder), { throwIfNoEntry: false })?.isDirectory())
    throw new OspainError('not_found', `There is no folder ${JSON.stringify(dirname(folder))}.`);
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

interface Target {
  root: string;
  path: string;
  text: string;
  overwrite: boolean;
}

function write({ root, path, text, overwrite }: Target): 'written' | 'unchanged' | 'kept' {
  const file = join(root, ...path.split('/'));
  // Names of folders are the notes' own and hold no "..", but a link may stand in the place of one.
  for (let folder = root, rest = path.split('/').slice(0, -1); rest.length > 0; rest = rest.slice(1)) {
    folder = join(folder, rest[0] ?? '');
    const there = lstatSync(folder, { throwIfNoEntry: false });
    if (there !== undefined && !there.isDirectory()) return 'kept';
  }
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) return 'kept';
  if (there !== undefined && readFileSync(file, 'utf8') === text) return 'unchanged';
  if (there !== undefined && !overwrite) return 'kept';
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${dirname(file)}${sep}.ospain2-export.part`;
  try {
    rmSync(fresh, { force: true });
    writeFileSync(fresh, text, { flag: 'wx', mode: 0o600 });
    renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
  return 'written';
}
