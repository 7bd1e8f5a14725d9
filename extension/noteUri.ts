import type { Note } from '../protocol/notes.ts';

export const NOTE_SCHEME = 'ospain2';
const ROOT = '/notes';

/** The parts of the Uri of a note or a folder of notes; the empty one is where all of them are. */
export const noteUriParts = (path: string): { scheme: string; path: string } => ({
  scheme: NOTE_SCHEME,
  path: path === '' ? ROOT : `${ROOT}/${path}`,
});

/** The other way round; undefined for a Uri of something else. */
export function notePathOf(uri: { scheme: string; path: string }): string | undefined {
  if (uri.scheme !== NOTE_SCHEME) return undefined;
  const path = uri.path.replace(/\/+$/, '');
  if (path === ROOT) return '';
  return path.startsWith(`${ROOT}/`) ? path.slice(ROOT.length + 1) : undefined;
}

export const isNotePath = (path: string): boolean => /\.md$/i.test(path);

/**
 * The size that VS Code is told. It holds a file that is newer for unchanged when its size is the same, and would write
 * over it; so every version has a size of its own, by less than a byte.
 */
export const toldSize = ({ size, version }: Pick<Note, 'size' | 'version'>): number => size + (version % 1024) / 1024;
