import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Form, formsOf } from './planted.ts';
import { unpacked } from './unpacked.ts';

/** Where a planted text was found. It is not said itself, but by which of them it is. */
export interface Found {
  path: string;
  /** Such as `note, base64`. */
  what: string;
}

export interface Searched {
  files: number;
  bytes: number;
  found: Found[];
}

export interface FolderOptions {
  /** Unix milliseconds: only files that changed since. */
  since?: number;
  skip?: readonly string[];
  /** Bytes: no larger files. */
  most?: number;
}

type Needle = Form & { text: string };

/** Looks for planted texts in files, their names, and in what is packed in them. */
export interface Search {
  /** A folder with all below it; files that `skip` says are left out. */
  folder(path: string, options?: FolderOptions): void;
  /** Bytes that are no file, such as a log. */
  bytes(path: string, content: Buffer): void;
  readonly done: Searched;
}

/** Larger files are not read whole; nothing of ours is that large but models, which a proof has none of. Bytes. */
const LARGE = 512 * 1024 * 1024;

/** `texts` by what they are. */
export function createSearch(texts: Readonly<Record<string, string>>): Search {
  const needles: Needle[] = Object.entries(texts).flatMap(([text, value]) =>
    formsOf(value).map((form) => ({ ...form, text })),
  );
  const done: Searched = { files: 0, bytes: 0, found: [] };
  const look = (path: string, content: Buffer, packed: string) => {
    for (const { text, name, bytes } of needles)
      if (content.includes(bytes)) done.found.push({ path, what: `${text}, ${name}${packed}` });
  };
  const search: Search = {
    done,
    bytes(path, content) {
      done.files += 1;
      done.bytes += content.length;
      look(path, content, '');
      for (const inside of unpacked(content)) look(path, inside, ', packed');
    },
    folder(path, { since = 0, skip = [], most = LARGE } = {}) {
      for (const name of namesIn(path)) {
        const below = join(path, name);
        if (skip.includes(below)) continue;
        look(below, Buffer.from(name), ', in a name');
        const stat = lstatSync(below, { throwIfNoEntry: false });
        if (stat?.isDirectory() === true) search.folder(below, { since, skip, most });
        else if (stat?.isFile() === true && stat.mtimeMs >= since && stat.size < most) {
          const content = contentOf(below);
          if (content !== null) search.bytes(below, content);
        }
      }
    },
  };
  return search;
}

/** What other programs of this machine keep may be none of our business, or gone by now. */
function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function contentOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
