import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a place, and their bytes. */
export interface DiskUse {
  files: number;
  bytes: number;
}

/**
 * What a file or everything in a folder takes; nothing where there is none. Links are not followed, a file that has several
 * names counts once, and what goes away meanwhile does not count.
 */
export function diskUse(...paths: readonly string[]): DiskUse {
  const seen = new Set<string>();
  const use = { files: 0, bytes: 0 };
  const add = (path: string): void => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) for (const name of namesIn(path)) add(join(path, name));
    if (!stats?.isFile()) return;
    const identity = `${stats.dev}:${stats.ino}`;
    if (stats.nlink > 1 && seen.has(identity)) return;
    seen.add(identity);
    use.files += 1;
    use.bytes += stats.size;
  };
  for (const path of paths) add(path);
  return use;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
