import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isLocked } from '../storage/fileLock.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { ModelFolder } from './modelFolder.ts';
import type { Registry } from './registry.ts';
import type { FileRow } from './rows.ts';
import { IMPORT, LOCK, type Store, TRASH } from './store.ts';

export interface CollectionDeps {
  folder: ModelFolder;
  registry: Pick<Registry, 'whileStill'>;
  store: Store;
  /** Whether something that is on its way into the store still waits for more, by the name of its folder. */
  isExpected(name: string): boolean;
  now: () => number;
}

export interface Freed {
  files: number;
  bytes: number;
}

/** Frees what nobody names: never what a version does, nor what an import is about to name. */
export interface Collection {
  /** Everything; `dryRun` only counts. */
  collect(dryRun: boolean): Promise<Freed>;
  /** What imports that died left behind, and expired uploads. */
  sweep(dryRun: boolean): Promise<Freed>;
  /** The files of a version that was removed; returns the bytes that became free. */
  release(files: readonly FileRow[], digest: string | null): number;
}

/** Between making its folder and locking it an import needs a moment. Milliseconds. */
const MOMENT = 60_000;

export function createCollection({ folder, registry, store, isExpected, now }: CollectionDeps): Collection {
  const { incoming } = folder;

  /** Takes what nobody names out of the store. Under the lock that adding a version takes, so nobody names it meanwhile. */
  const discard = (content: readonly string[], sets: readonly string[], dryRun: boolean): Freed => {
    const { freed, empty } = registry.whileStill((named) => {
      const unnamed = content.filter((sha256) => !named.content(sha256));
      const freed = {
        files: unnamed.length,
        bytes: unnamed.reduce((sum, sha256) => sum + store.sizeOf(sha256), 0),
      };
      const unnamedSets = sets.filter((digest) => !named.set(digest));
      const isAny = unnamed.length + unnamedSets.length > 0;
      return { freed, empty: dryRun || !isAny ? () => {} : store.discard(unnamed, unnamedSets) };
    });
    // Removing gigabytes takes its time, and others may want to write.
    empty();
    return freed;
  };

  const isAbandoned = async (name: string): Promise<boolean> => {
    if (name.startsWith(TRASH)) return true;
    if (!name.startsWith(IMPORT)) return !isExpected(name);
    const { mtimeMs } = statSync(join(incoming, name));
    return now() - mtimeMs > MOMENT && !(await isLocked(join(incoming, name, LOCK)));
  };

  const sweep = async (dryRun: boolean): Promise<Freed> => {
    const freed = { files: 0, bytes: 0 };
    for (const name of guarded(() => readdirSync(incoming))) {
      try {
        if (!(await isAbandoned(name))) continue;
        const bytes = sizesIn(join(incoming, name));
        freed.files += bytes.length;
        freed.bytes += bytes.reduce((sum, size) => sum + size, 0);
        if (!dryRun) rmSync(join(incoming, name), { recursive: true, force: true });
      } catch {
        // Whoever works with it took it away, or holds it open: the next time.
      }
    }
    return freed;
  };

  return {
    sweep,
    async collect(dryRun) {
      const left = await sweep(dryRun);
      const { content, sets } = store.names();
      const unnamed = discard(content, sets, dryRun);
      return { files: left.files + unnamed.files, bytes: left.bytes + unnamed.bytes };
    },
    release(files, digest) {
      const { content, sets } = store.names();
      const mine = new Set(files.flatMap(({ sha256, path }) => (path === null && sha256 !== null ? [sha256] : [])));
      return discard(
        content.filter((sha256) => mine.has(sha256)),
        sets.filter((set) => set === digest),
        false,
      ).bytes;
    },
  };
}

/** Of the model files in a folder, or of the one file. */
function sizesIn(path: string): number[] {
  if (statSync(path).isFile()) return [statSync(path).size];
  return readdirSync(path)
    .filter((name) => name !== LOCK)
    .flatMap((name) => sizesIn(join(path, name)));
}
