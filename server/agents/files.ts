import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import createIgnore from 'ignore';
import { readText } from './fileText.ts';
import { isClosed } from './workspacePaths.ts';

/** Never listed or searched, whatever the ignore files say. */
const SKIPPED = new Set(['.git', 'node_modules']);

/** Entries looked at in one walk; a larger tree is said to be larger, never shown as if it ended there. */
const MAX_ENTRIES = 50_000;

/** The rules of one ignore file, for paths below its folder. */
interface Rules {
  /** Folder of the ignore file, relative to the workspace, with a final `/`; empty for the workspace itself. */
  base: string;
  test(path: string): { ignored: boolean; unignored: boolean };
}

export interface Listing {
  /** Relative to the workspace, with `/`, in a stable order. */
  paths: string[];
  /** False when the walk stopped before the end of the tree. */
  complete: boolean;
}

/**
 * Every regular file below `folder` (relative, `.` for all) that the ignore files of the workspace do not exclude. Links
 * are not followed: what they lead to is listed where it lies.
 */
export async function listFiles(root: string, folder: string, signal?: AbortSignal): Promise<Listing> {
  const listing: Listing = { paths: [], complete: true };
  const start = folder === '.' ? '' : `${folder}/`;
  // Ignore files above the folder hold below it too, unless they exclude the very folder that was asked for by name.
  const above = rulesAbove(root, start);
  const rules = start !== '' && isIgnored(above, start) ? [] : above;
  let seen = 0;
  const walk = async (base: string, rules: readonly Rules[]): Promise<void> => {
    for (const entry of await entriesOf(join(root, base))) {
      signal?.throwIfAborted();
      if (++seen > MAX_ENTRIES) {
        listing.complete = false;
        return;
      }
      const path = base + entry.name;
      if (entry.isDirectory()) {
        if (SKIPPED.has(entry.name) || isIgnored(rules, `${path}/`)) continue;
        const below = [...rules];
        addRules(below, root, `${path}/`);
        await walk(`${path}/`, below);
      } else if (entry.isFile() && !isClosed(entry.name) && !isIgnored(rules, path)) listing.paths.push(path);
      if (!listing.complete) return;
    }
  };
  await walk(start, rules);
  return listing;
}

/** Whether the ignore files exclude a folder, or it is one that nobody lists. */
export function isLeftOut(root: string, folder: string): boolean {
  if (folder === '.') return false;
  const start = `${folder}/`;
  return folder.split('/').some((name) => SKIPPED.has(name)) || isIgnored(rulesAbove(root, start), start);
}

/** Of the workspace's folder and all down to this one. */
function rulesAbove(root: string, start: string): Rules[] {
  const above: Rules[] = [];
  for (let at = ''; ; ) {
    addRules(above, root, at);
    if (at === start) return above;
    at = start.slice(0, start.indexOf('/', at.length) + 1);
  }
}

/**
 * Whether a path, of which each folder above passed this test, is left out of listings and searches. Reads each ignore file
 * once.
 */
export function ignoreTest(root: string): (path: string, isFolder: boolean) => boolean {
  const known = new Map<string, readonly Rules[]>();
  const rulesIn = (base: string): readonly Rules[] => {
    const before = known.get(base);
    if (before) return before;
    const above = base === '' ? [] : rulesIn(base.slice(0, base.lastIndexOf('/', base.length - 2) + 1));
    const rules = [...above];
    addRules(rules, root, base);
    known.set(base, rules);
    return rules;
  };
  return (path, isFolder) => {
    const name = path.lastIndexOf('/') + 1;
    if (SKIPPED.has(path.slice(name))) return true;
    return isIgnored(rulesIn(path.slice(0, name)), isFolder ? `${path}/` : path);
  };
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A folder that cannot be read, or is gone meanwhile, has nothing to show.
    return [];
  }
}

function addRules(rules: Rules[], root: string, base: string): void {
  let text: string;
  try {
    text = readText(join(root, base, '.gitignore'), `${base}.gitignore`);
  } catch {
    return;
  }
  const found = createIgnore().add(text);
  rules.push({ base, test: (path) => found.test(path) });
}

/** The deepest ignore file that says anything about a path decides, as in git. */
function isIgnored(rules: readonly Rules[], path: string): boolean {
  for (const { base, test } of rules.toReversed()) {
    const verdict = test(path.slice(base.length));
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}

export interface Match {
  path: string;
  /** Counts from 1. */
  line: number;
  text: string;
}

/**
 * Lines that contain `text`, letter for letter, in files that `read` gives a text for. Stops after `limit` matches;
 * `complete` says whether there may be more.
 */
export async function searchFiles(options: {
  paths: readonly string[];
  read: (path: string) => string | undefined;
  text: string;
  limit: number;
  signal?: AbortSignal;
}): Promise<{ matches: Match[]; complete: boolean }> {
  const matches: Match[] = [];
  for (const [index, path] of options.paths.entries()) {
    // Reading is synchronous; other requests get their turn in between.
    if (index % 32 === 31) await setImmediate();
    options.signal?.throwIfAborted();
    const content = options.read(path);
    if (!content?.includes(options.text)) continue;
    for (const [at, text] of content.split(/\r?\n/).entries()) {
      if (!text.includes(options.text)) continue;
      if (matches.length === options.limit) return { matches, complete: false };
      matches.push({ path, line: at + 1, text });
    }
  }
  return { matches, complete: true };
}
