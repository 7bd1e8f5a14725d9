import { constants, type Dirent, type Stats } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edits, ViewChange, ViewChanges } from './command.ts';

/** Bounds of what comes back from one command. Sizes are bytes. */
const MAX_FILE = 1_048_576;
const MAX_BYTES = 8_388_608;
const MAX_FILES = 200;
const MAX_LEFT = 50;
const MAX_ENTRIES = 20_000;

export interface ReadView {
  /** The folder that the command saw. Nobody writes there any more, nor in `written`. */
  view: string;
  /** What it wrote there, and perhaps more of the view. */
  written: string;
  /** The workspace. */
  root: string;
  edits: Edits;
  /** What the person's own ignore rules exclude is never taken over. */
  ignored(path: string, isFolder: boolean): boolean;
  /** Unix time in milliseconds at which the command began; what changed on disk after it stays as it is there. */
  startedAt: number;
  signal: AbortSignal;
}

/** Compares a view with what it was when the command began. No link is followed, whatever the command left behind. */
export async function readChanges(what: ReadView): Promise<ViewChanges> {
  const { view, written, root, edits, ignored, startedAt, signal } = what;
  const found: ViewChanges = { changes: [], left: [], complete: true };
  let bytes = 0;
  let entries = 0;

  const leave = (path: string, why: string): void => {
    if (found.left.length < MAX_LEFT) found.left.push({ path, why });
    else found.complete = false;
  };
  const put = (change: ViewChange): void => {
    bytes += change.text?.length ?? 0;
    if (found.changes.length === MAX_FILES || bytes > MAX_BYTES) leave(change.path, 'too much was changed');
    else found.changes.push(change);
  };
  const list = async (place: string, path: string): Promise<Dirent[]> => {
    const names: Dirent[] = [];
    try {
      for await (const entry of await opendir(join(place, path))) {
        signal.throwIfAborted();
        if (++entries > MAX_ENTRIES) {
          found.complete = false;
          break;
        }
        names.push(entry);
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (!isAbsence(thrown)) leave(path, 'it cannot be read');
    }
    return names.sort((one, other) => (one.name < other.name ? -1 : 1));
  };
  const onDisk = async (path: string): Promise<Stats | undefined> => lstat(join(root, path)).catch(() => undefined);

  /** Whether somebody else changed it while the command ran. */
  const isFresh = (stats: Stats | undefined, path: string): boolean =>
    !edits.has(path) && stats !== undefined && stats.ctimeMs > startedAt;

  const takeFile = async (path: string): Promise<void> => {
    const text = await readText(join(written, path));
    if (typeof text !== 'string') return leave(path, text.why);
    const before = edits.get(path);
    if (before === text) return;
    const stats = await onDisk(path);
    if (before === undefined && stats?.isFile() && (await readText(join(root, path))) === text) return;
    if (isFresh(stats, path)) return leave(path, 'it changed on disk meanwhile');
    put({ path, text });
  };

  const takeRemoved = async (path: string): Promise<void> => {
    const edited = edits.get(path);
    if (edited === null) return;
    const stats = await onDisk(path);
    const isFile = edited !== undefined || stats?.isFile() === true;
    if (ignored(path, !isFile)) return;
    if (isFile) return isFresh(stats, path) ? leave(path, 'it changed on disk meanwhile') : put({ path, text: null });
    for (const other of edits.keys()) {
      if (other.startsWith(`${path}/`) && (await onDisk(other)) === undefined) await takeRemoved(other);
    }
    if (stats?.isDirectory()) {
      for (const entry of await list(root, path)) await takeRemoved(`${path}/${entry.name}`);
    } else if (stats) leave(path, 'it is not a regular file');
  };

  const walk = async (start: string): Promise<void> => {
    for (const entry of await list(written, start)) {
      const path = start + entry.name;
      if (ignored(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) {
        if (typeof edits.get(path) === 'string' || (await onDisk(path))?.isFile()) put({ path, text: null });
        await walk(`${path}/`);
      } else if (entry.isFile()) await takeFile(path);
      // Overlayfs marks with such a device what was removed; the comparison below sees it.
      else if (!entry.isCharacterDevice()) leave(path, 'it is not a regular file');
    }
    const now = new Set((await list(view, start)).map(({ name }) => name));
    const before = new Set((await list(root, start)).map(({ name }) => name));
    for (const path of edits.keys()) {
      if (path.startsWith(start)) before.add(path.slice(start.length).split('/', 1)[0] ?? '');
    }
    for (const name of before) {
      if (!now.has(name) && found.complete) await takeRemoved(start + name);
    }
  };
  await walk('');
  found.changes.sort((one, other) => (one.path < other.path ? -1 : 1));
  return found;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

async function readText(path: string): Promise<string | { why: string }> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return { why: 'it cannot be read' };
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return { why: 'it is not a regular file' };
    if (stats.size > MAX_FILE) return { why: 'it is too large' };
    const bytes = await file.readFile();
    return bytes.includes(0) ? { why: 'it is binary' } : decoder.decode(bytes);
  } catch {
    return { why: 'it is not UTF-8' };
  } finally {
    await file.close();
  }
}

const isAbsence = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR');
