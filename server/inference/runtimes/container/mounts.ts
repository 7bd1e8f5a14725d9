import { realpathSync } from 'node:fs';
import { basename, isAbsolute, join, posix, relative, sep } from 'node:path';
import { partsOf } from '../../../models/gguf/split.ts';

/** A folder or file of the machine that a container can read, and where it is there. */
export interface Mount {
  source: string;
  target: string;
}

const ROOT = '/models';

/** Where a worker finds a file, given folders of which it may be in one; null where it is in none. */
export function inFolders(folders: readonly string[], file: string): string | null {
  for (const [index, folder] of folders.entries()) {
    const inside = relative(folder, file);
    if (inside !== '' && !inside.startsWith('..') && !isAbsolute(inside))
      return posix.join(ROOT, String(index), ...inside.split(sep));
  }
  return null;
}

/** Whole folders, each under its number. */
export const folderMounts = (folders: readonly string[]): Mount[] =>
  folders.map((source, index) => ({ source, target: posix.join(ROOT, String(index)) }));

/** Nothing but the files of one model: where a name is a link, what it leads to, under that name. */
export function fileMounts(file: string): Mount[] {
  const files = partsOf(file)?.paths ?? [file];
  return files.map((name) => ({ source: realFile(name), target: fileTarget(name) }));
}

export const fileTarget = (file: string): string => posix.join(ROOT, 'file', basename(file));

/** A file that is missing is for whoever opens it to tell: the engine does not start a container without it. */
function realFile(name: string): string {
  try {
    return realpathSync(name);
  } catch {
    return join(name);
  }
}
