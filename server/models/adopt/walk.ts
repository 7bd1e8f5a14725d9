import type { Dirent } from 'node:fs';
import { lstat, open, opendir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isFileName } from '../download/fileName.ts';

/** Reads folders of other programs, up to a number of entries over all of them: what is there may be anything. */
export interface Walk {
  /** Entries of a folder in the order of their names; none when it cannot be read. Links are entries, not what they lead to. */
  list(folder: string): Promise<Dirent[]>;
  folders(folder: string): Promise<string[]>;
  /** Whether there was more than could be looked at. */
  isCut(): boolean;
}

export function createWalk(mostEntries: number): Walk {
  let left = mostEntries;
  const list = async (folder: string): Promise<Dirent[]> => {
    const entries: Dirent[] = [];
    try {
      for await (const entry of await opendir(folder)) {
        if (--left < 0) break;
        if (isFileName(entry.name)) entries.push(entry);
      }
    } catch {
      // Not there, not ours to read, or gone meanwhile.
    }
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  };
  return {
    list,
    folders: async (folder) => (await list(folder)).filter((entry) => entry.isDirectory()).map(({ name }) => name),
    isCut: () => left < 0,
  };
}

/** The size of a file that is no link; undefined for everything else. */
export async function sizeOf(file: string): Promise<number | undefined> {
  const stats = await lstat(file).catch(() => undefined);
  return stats?.isFile() === true ? stats.size : undefined;
}

/** Where a path leads to in the end; undefined when nowhere. */
export const realPathOf = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);

/** A small text file that is no link, or undefined. */
export async function readSmall(file: string, mostBytes: number): Promise<string | undefined> {
  const size = await sizeOf(file);
  if (size === undefined || size > mostBytes) return undefined;
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Files below a folder with an extension, by their path in it, links too; at most `depth` folders down. */
export async function filesBelow(walk: Walk, folder: string, extension: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await walk.list(folder)) {
    if (entry.isDirectory() && depth > 0)
      for (const path of await filesBelow(walk, join(folder, entry.name), extension, depth - 1))
        found.push(join(entry.name, path));
    else if ((entry.isFile() || entry.isSymbolicLink()) && entry.name.toLowerCase().endsWith(extension))
      found.push(entry.name);
  }
  return found;
}
