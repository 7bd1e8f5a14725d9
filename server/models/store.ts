import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ImportMode } from '../../protocol/index.ts';
import { withFileLock } from '../storage/fileLock.ts';
import { createPrivateFolder } from '../storage/privateFolder.ts';
import { guarded } from '../storage/storageErrors.ts';
import { syncFolder } from '../storage/sync.ts';
import { copyHashed, type Hashing, hashFile } from './fileHash.ts';
import { blobPath, type ModelFolder, setPath } from './modelFolder.ts';
import type { FileRow } from './rows.ts';

/** A file whose content is known, on its way into the store. */
export interface Taken extends FileRow {
  sha256: string;
  /** Where it waits to be placed; null when it stays where it is. */
  at: string | null;
  /** The file that it was moved from, to be removed when its version is registered. */
  moved: string | null;
}

/**
 * Files under the names that their content gives them. Whatever comes in is written aside, read whole, and renamed, so
 * that a file under such a name is what the name says unless the disk or another program damaged it since.
 */
export interface Store {
  /** Runs with a folder of its own beside the store's files, which is gone afterwards. */
  during<T>(run: (folder: string) => Promise<T>): Promise<T>;
  /** Brings a file into such a folder, or links it there; what it holds is read, not believed. */
  take(file: { path: string; name: string }, how: ImportMode, folder: string, hashing?: Hashing): Promise<Taken>;
  /** Gives files of one version their names. One that is there stays, unless it is to be replaced. */
  place(files: readonly Taken[], digest: string, replace: boolean): void;
  /** The names of files in the store: of content, and of sets of files that stand beside each other. */
  names(): { content: string[]; sets: string[] };
  /** Bytes that become free without it; 0 for a file that another program holds too. */
  sizeOf(sha256: string): number;
  /** Takes files out of the store; they are gone when the returned function has run. */
  discard(content: readonly string[], sets: readonly string[]): () => void;
}

/** An import holds this while it runs; the operating system lets go of it when the process dies. */
export const LOCK = 'lock';
export const IMPORT = 'import-';
export const TRASH = 'trash-';

export function createStore({ blobs, incoming }: ModelFolder): Store {
  const fileOf = (sha256: string) => blobPath(blobs, sha256);

  const placeOne = ({ at, sha256, bytes, shared }: Taken, replace: boolean) => {
    if (at === null) return;
    const target = fileOf(sha256);
    const there = statSync(target, { throwIfNoEntry: false });
    if (there?.size === bytes && !replace) return rmSync(at);
    // The mode of a file that others hold too is theirs.
    if (!shared) chmodSync(at, 0o600);
    rmSync(target, { force: true });
    renameSync(at, target);
  };

  /** Of a version of several files: links to them under their own names, because a loader looks for those. */
  const placeSet = (files: readonly Taken[], digest: string) => {
    const set = setPath(blobs, digest);
    createPrivateFolder(set);
    for (const { name, sha256 } of files) {
      const [link, file] = [join(set, name), fileOf(sha256)];
      if (inodeOf(link) === inodeOf(file)) continue;
      rmSync(link, { force: true });
      linkSync(file, link);
    }
    syncFolder(set);
  };

  return {
    async during(run) {
      const folder = join(incoming, `${IMPORT}${randomUUID()}`);
      const files = join(folder, 'files');
      guarded(() => createPrivateFolder(files));
      try {
        return await withFileLock(join(folder, LOCK), () => run(files), 0);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    async take({ path, name }, how, folder, hashing) {
      const at = join(folder, name);
      const real = realpathSync(path);
      // What is in the store already is not moved out of it.
      const isOurs = dirname(real).startsWith(realpathSync(blobs));
      const moved = how === 'move' && real === path && !isOurs ? path : null;
      const file = { name, path: null, shared: false, at, moved };
      if (how !== 'copy' && linked(real, at))
        return { ...file, ...(await hashFile(at, hashing)), shared: moved === null };
      if (how === 'link') return { ...file, ...(await hashFile(real, hashing)), path, at: null };
      return { ...file, ...(await copyHashed(real, at, statSync(real).size, hashing)) };
    },
    place: (files, digest, replace) =>
      guarded(() => {
        for (const file of files) placeOne(file, replace);
        if (files.length > 1 && files.every(({ at }) => at !== null)) placeSet(files, digest);
        syncFolder(blobs);
      }),
    names: () =>
      guarded(() => {
        const names = readdirSync(blobs);
        const after = (prefix: string) =>
          names.flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : []));
        return { content: after(basename(blobPath(blobs, ''))), sets: after(basename(setPath(blobs, ''))) };
      }),
    sizeOf: (sha256) => statSync(fileOf(sha256), { throwIfNoEntry: false })?.size ?? 0,
    discard(content, sets) {
      const trash = join(incoming, `${TRASH}${randomUUID()}`);
      guarded(() => {
        mkdirSync(trash, { mode: 0o700 });
        // Somebody else may have been quicker.
        for (const path of [...content.map(fileOf), ...sets.map((set) => setPath(blobs, set))])
          if (existsSync(path)) renameSync(path, join(trash, basename(path)));
      });
      return () => rmSync(trash, { recursive: true, force: true });
    },
  };
}

const inodeOf = (path: string) => statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

/** Not on another disk, nor where the other program's files may not be linked, nor where the disk knows no links. */
function linked(path: string, at: string): boolean {
  try {
    linkSync(path, at);
    return true;
  } catch {
    return false;
  }
}
