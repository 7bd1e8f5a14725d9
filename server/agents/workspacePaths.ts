import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { likeness } from './likeness.ts';

/** A place inside the workspace, all links resolved. */
export interface Place {
  /** Relative to the workspace, with `/`; `.` is the workspace itself. One file has one `path`, however it was named. */
  path: string;
  absolute: string;
  /** What lies there now. */
  is: 'file' | 'folder' | 'nothing';
}

/** What a person or a model may name but no tool touches: a program that runs by itself may lie there, or secrets as in `.env`. */
const CLOSED = new Set(['.git']);
/** Some file systems take no notice of case and of characters without width. */
export const isClosed = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/\p{Cf}/gu, '');
  return (
    CLOSED.has(plain) || (/^\.env(\..+)?$/.test(plain) && !/\.(example|sample|template|dist|defaults?)$/.test(plain))
  );
};

/** Names that Windows opens as devices, whatever their extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * Confines a path to the workspace: throws `path_outside` for anything that is not plainly a file or folder below `root`.
 * `root` must exist and have no links in it. The answer holds for the moment of asking; whoever opens the file
 * afterwards must not follow a link at its end.
 */
export function resolveInside(root: string, named: string, platform: NodeJS.Platform = process.platform): Place {
  const parts = partsOf(root, named, platform);
  let absolute = root;
  for (const [index, part] of parts.entries()) {
    const next = join(absolute, part);
    const stats = statsOf(next, named);
    if (stats === undefined) return placeOf(root, join(absolute, ...parts.slice(index)), 'nothing', named);
    // The system's own spelling: one file must not have two names where letters' case or short names do not matter.
    absolute = realInside(root, next, named);
  }
  const stats = statsOf(absolute, named);
  if (stats?.isDirectory()) return placeOf(root, absolute, 'folder', named);
  if (stats?.isFile()) return placeOf(root, absolute, 'file', named);
  throw outside(named, 'it is not a regular file');
}

/** The names between the workspace and the place, or `path_outside` when the text alone shows that it is not inside. */
function partsOf(root: string, named: string, platform: NodeJS.Platform): string[] {
  if (/[\p{Cc}\p{Surrogate}]/u.test(named)) throw outside(named, 'it holds a character that no path has');
  const inside = isAbsolute(named) && (named === root || named.startsWith(root + sep));
  const text = (inside ? named.slice(root.length + 1) : named).replaceAll('\\', '/');
  if (!inside && text.startsWith('/')) throw outside(named, 'it is absolute');
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) {
    if (part === '..') throw outside(named, 'it holds ".."');
    // Drive letters and alternate streams of Windows; refused everywhere so that a workspace behaves alike on each system.
    if (part.includes(':')) throw outside(named, 'it holds ":"');
    // Windows drops these, which would make two names of one file.
    if (/[. ]$/.test(part)) throw outside(named, 'a name in it ends with a dot or a blank');
    if (platform === 'win32' && WINDOWS_DEVICE.test(part)) throw outside(named, 'it names a device');
    if (isClosed(part)) throw outside(named, 'it is closed to tasks');
  }
  return parts;
}

function statsOf(absolute: string, named: string): Stats | undefined {
  try {
    return lstatSync(absolute);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw outside(named, code === 'ENAMETOOLONG' ? 'it is too long' : 'it cannot be looked at');
  }
}

function realInside(root: string, existing: string, named: string): string {
  let real: string;
  try {
    real = realpathSync.native(existing);
  } catch {
    throw outside(named, 'a link in it leads nowhere');
  }
  if (real !== root && !real.startsWith(root + sep)) throw outside(named, 'a link in it leads out of the workspace');
  return real;
}

function placeOf(root: string, absolute: string, is: Place['is'], named: string): Place {
  const path = relative(root, absolute).split(sep).join('/') || '.';
  // A link or a short name may lead into a closed folder under another name.
  if (path.split('/').some(isClosed)) throw outside(named, 'it is closed to tasks');
  return { path, absolute, is };
}

const outside = (named: string, why: string): OspainError =>
  new OspainError('path_outside', `${shown(named)} is not a path of the workspace: ${why}.`, {
    hint: 'Name a file inside the workspace folder, relative to it.',
  });

/** A path from outside as part of one line. */
export const shown = (path: string): string =>
  JSON.stringify(path.length > 200 ? `${path.slice(0, 200)}…` : path).slice(1, -1);

/** The path that was probably meant: the same name elsewhere, or nearly the same letters. */
export function nearestPath(wanted: string, paths: readonly string[]): string | undefined {
  const target = normal(wanted);
  const name = nameOf(target);
  let best: { path: string; score: number } | undefined;
  for (const path of paths) {
    const other = normal(path);
    const score = likeness(target, other) + (nameOf(other) === name ? 0.5 : likeness(name, nameOf(other)) * 0.4);
    if (!best || score > best.score) best = { path, score };
  }
  return best && best.score >= 0.85 ? best.path : undefined;
}

const normal = (path: string): string => path.toLowerCase().replaceAll('\\', '/');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
