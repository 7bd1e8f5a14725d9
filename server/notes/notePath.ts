import { type ErrorCode, OspainError } from '../../protocol/index.ts';

const EXTENSION = '.md';
/** Characters of a path, bytes of a name in it (what file systems take), and names in each other. */
const MAX_PATH = 1000;
const MAX_NAME = 200;
const MAX_DEPTH = 32;

/** Names that Windows opens as devices, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * The path of a note as it is kept, or the reason why it is none: it is one that is a file's on every system, so that notes
 * can be exported anywhere, and that a link can name.
 */
export function notePath(named: string): string {
  const path = checked(named, true);
  if (!path.toLowerCase().endsWith(EXTENSION)) throw refused(named, `it does not end in "${EXTENSION}"`);
  return path.slice(0, -EXTENSION.length) + EXTENSION;
}

/** The same of a folder; the empty one is where all notes are. */
export const folderPath = (named: string): string => {
  const path = named.replace(/\/$/, '');
  return path === '' ? '' : checked(path, false);
};

function checked(named: string, isNote: boolean): string {
  const path = named.normalize('NFC');
  if (path.length > MAX_PATH) throw refused(named, `it is longer than ${MAX_PATH} characters`);
  if (/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u.test(path))
    throw refused(named, 'it holds a character that no path has');
  if (path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path)) throw outside(named, 'it is absolute');
  const wrong = /[\\:*?"<>|#^[\]]/.exec(path);
  if (wrong !== null) throw refused(named, `it holds ${JSON.stringify(wrong[0])}`);
  const names = path.split('/');
  if (names.length > MAX_DEPTH) throw refused(named, `it is more than ${MAX_DEPTH} folders deep`);
  for (const [index, name] of names.entries()) {
    if (name === '..') throw outside(named, 'it holds ".."');
    if (name === '') throw refused(named, 'a name in it is empty');
    if (name.startsWith('.')) throw refused(named, 'a name in it begins with a dot');
    if (/[. ]$|^ /.test(name)) throw refused(named, 'a name in it begins or ends with a blank, or ends with a dot');
    if (Buffer.byteLength(name) > MAX_NAME) throw refused(named, `a name in it is longer than ${MAX_NAME} bytes`);
    if (DEVICE.test(name)) throw refused(named, 'Windows has a device of that name');
    if (name.toLowerCase() === EXTENSION) throw refused(named, 'it has no name');
    if ((index < names.length - 1 || !isNote) && name.toLowerCase().endsWith(EXTENSION))
      throw refused(named, 'a folder in it is called like a note');
  }
  return path;
}

/** The same for all paths and names that some file system holds for one. */
export const keyOf = (name: string): string => name.normalize('NFC').toLowerCase().normalize('NFC');

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Of the file, without its extension: what `[[so]]` means. */
export const nameOf = (path: string): string => withoutExtension(path.slice(path.lastIndexOf('/') + 1));

export const withoutExtension = (path: string): string =>
  path.toLowerCase().endsWith(EXTENSION) ? path.slice(0, -EXTENSION.length) : path;

const outside = (named: string, why: string): OspainError => refused(named, why, 'path_outside');

const refused = (named: string, why: string, code: ErrorCode = 'invalid_params'): OspainError =>
  new OspainError(code, `${shown(named)} is not a path of a note: ${why}.`, {
    hint: 'Such as projects/idea.md: names with "/" between them.',
  });

const shown = (path: string): string =>
  JSON.stringify(path.length > 100 ? `${path.slice(0, 100).toWellFormed()}…` : path);
