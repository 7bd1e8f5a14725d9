import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { codeOf } from '../storage/storageErrors.ts';
import { readText } from './fileText.ts';
import { resolveInside, shown } from './workspacePaths.ts';

/** One file on its way from one text to another; null is no file. */
export interface Move {
  path: string;
  from: string | null;
  to: string | null;
  /** Permissions of a file that comes or goes; without them a new file gets those that new files have. */
  mode?: number | null;
}

/** How a file stands to a move; `neither` is what somebody else made of it. */
export type Standing = 'from' | 'to' | 'neither';

export function standingOf(root: string, move: Move): Standing {
  const now = lookAt(root, move.path);
  if (now === undefined) return 'neither';
  if (now.text === move.from) return 'from';
  return now.text === move.to ? 'to' : 'neither';
}

/** A file as it is on disk; null is no file. */
export interface OnDisk {
  text: string | null;
  mode: number | null;
}

/** Undefined where a folder, a link or a binary is in its place. */
export function lookAt(root: string, path: string): OnDisk | undefined {
  try {
    const place = resolveInside(root, path);
    if (place.is === 'nothing') return { text: null, mode: null };
    return { text: readText(place.absolute, place.path), mode: statSync(place.absolute).mode & 0o7777 };
  } catch {
    return undefined;
  }
}

/**
 * Makes every file what its move says, each whole or not at all: written beside, synced, renamed. When one cannot be
 * written, those before it go back and the error is thrown; `standingOf` tells whether going back worked. `name` marks the
 * files written beside; those that an earlier try with this name left are removed beforehand, with `sweep`.
 */
export function moveAll(root: string, moves: readonly Move[], name: string): void {
  const done: Move[] = [];
  try {
    const ready = moves.map((move) => ({ move, fresh: writeBeside(root, move, name) }));
    for (const { move, fresh } of ready) {
      putInPlace(root, move, fresh);
      done.push(move);
    }
    syncFolders(root, moves);
  } catch (thrown) {
    try {
      for (const move of done.reverse()) {
        const back = reversed(move);
        putInPlace(root, back, writeBeside(root, back, name));
      }
    } catch {
      // The disk does not even take back what was there; the error that is thrown says so already.
    }
    sweep(root, moves, name);
    throw diskError(thrown);
  }
}

export const reversed = (move: Move): Move => ({ ...move, from: move.to, to: move.from });

/** The new text in a file of its own, in the folder of the old one, so that a rename puts it in place at once. */
function writeBeside(root: string, { path, to, mode }: Move, name: string): string | null {
  if (to === null) return null;
  const { absolute, is } = resolveInside(root, path);
  const folder = dirname(absolute);
  mkdirSync(folder, { recursive: true });
  const old = is === 'file' ? statSync(absolute) : undefined;
  // A rename would get past a file that its owner made read-only.
  if (old) accessSync(absolute, constants.W_OK);
  const fresh = join(folder, `${prefixOf(name)}${randomUUID()}`);
  const file = openSync(fresh, 'wx', 0o666);
  try {
    if (old) keepOwnerAndMode(file, old);
    else if (typeof mode === 'number') fchmodSync(file, mode);
    writeFileSync(file, to);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return fresh;
}

function keepOwnerAndMode(file: number, old: Stats): void {
  try {
    fchownSync(file, old.uid, old.gid);
  } catch {
    // Only the administrator may give files away; the content matters more than the owner.
  }
  fchmodSync(file, old.mode & 0o7777);
}

function putInPlace(root: string, { path }: Move, fresh: string | null): void {
  const { absolute } = resolveInside(root, path);
  if (fresh === null) {
    rmSync(absolute);
    removeEmptyFolders(root, dirname(absolute));
  } else renameSync(fresh, absolute);
}

/** As git does: a folder whose last file went goes too. */
function removeEmptyFolders(root: string, folder: string): void {
  for (let at = folder; at !== root; at = dirname(at)) {
    try {
      rmdirSync(at);
    } catch {
      return;
    }
  }
}

const prefixOf = (name: string): string => `.ospain2-${name}-`;

/** Removes what a try that ended in the middle left: files written beside, and folders made for them. */
export function sweep(root: string, moves: readonly Move[], name: string): void {
  for (const { path, from, to } of moves) {
    try {
      const folder = dirname(resolveInside(root, path).absolute);
      for (const entry of readdirSync(folder)) {
        if (entry.startsWith(prefixOf(name))) rmSync(join(folder, entry), { force: true });
      }
      if (from === null || to === null) removeEmptyFolders(root, folder);
    } catch {
      // No such folder, or not to be looked into: then nothing was left there either.
    }
  }
}

/** A rename is on disk only when its folder is. Windows cannot open a folder; its file system keeps a journal of renames. */
function syncFolders(root: string, moves: readonly Move[]): void {
  if (process.platform === 'win32') return;
  const folders = new Set(moves.map(({ path }) => dirname(resolveInside(root, path).absolute)));
  for (const folder of folders) {
    let handle: number;
    try {
      handle = openSync(folder, 'r');
    } catch {
      // Gone with its last file.
      continue;
    }
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}

function diskError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const path = thrown instanceof Error && 'path' in thrown ? shown(String(thrown.path)) : 'a file of the workspace';
  if (['EROFS', 'EACCES', 'EPERM', 'EBUSY'].includes(code))
    return new OspainError('storage_read_only', `${path} cannot be written.`, {
      hint: 'Check its permissions and whether another program holds it, then accept again.',
      cause: thrown,
    });
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new OspainError('storage_full', 'The disk of the workspace is full.', {
      hint: 'Free some space, then accept again.',
      cause: thrown,
    });
  return new OspainError('storage_failed', `${path} could not be written.`, { cause: thrown });
}
