import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { MAX_NOTE, OspainError, type ParsedParams, type Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { createTransact } from '../storage/transaction.ts';
import { folderPath } from './notePath.ts';
import type { Notes } from './notes.ts';

/** Notes that are written in one transaction, in which nobody else is served. */
const AT_ONCE = 50;
const MAX_FILES = 200_000;
/** Files that are named one by one. */
const NAMED = 1000;

interface Source {
  absolute: string;
  /** Relative to the folder, with `/`. */
  path: string;
}

/**
 * Takes a folder of Markdown as Obsidian, Foam and others keep it: text, front matter and links stay letter for letter, so
 * that an export is the same again. A note that stands at a path with another text is kept. What was taken before a failure
 * stays, and doing it again goes on.
 */
export function createFolderImport({ db, notes }: { db: Db; notes: Notes }) {
  const transact = createTransact(db);
  const change = db.prepare<[], number>('SELECT change FROM note_clock').pluck();
  return async ({ folder, into }: ParsedParams<'note/import'>, signal: AbortSignal): Promise<Result<'note/import'>> => {
    const prefix = folderPath(into);
    const done: Result<'note/import'> = { imported: 0, unchanged: 0, kept: [], skipped: [], more: 0 };
    const skip = (path: string, reason: string) => {
      if (done.skipped.length < NAMED) done.skipped.push({ path, reason });
      else done.more += 1;
    };
    const sources = filesOf(folder, skip);
    for (let at = 0; at < sources.length; at += AT_ONCE) {
      signal.throwIfAborted();
      const batch = sources.slice(at, at + AT_ONCE).map((source) => ({ ...source, read: readText(source.absolute) }));
      transact(() => {
        for (const { path, read } of batch)
          if ('reason' in read) skip(path, read.reason);
          else take(prefix === '' ? path : `${prefix}/${path}`, path, read.text);
      });
      notes.poll();
      await setImmediate();
    }
    return done;

    function take(target: string, path: string, text: string): void {
      try {
        const before = change.get();
        notes.save({ path: target.replace(/\.markdown$/i, '.md'), text, base: null });
        if (change.get() === before) done.unchanged += 1;
        else done.imported += 1;
      } catch (thrown) {
        if (!(thrown instanceof OspainError)) throw thrown;
        if (thrown.code === 'conflict') done.kept.push(path);
        else if (thrown.code === 'invalid_params' || thrown.code === 'path_outside') skip(path, thrown.message);
        else throw thrown;
      }
    }
  };
}

/** All Markdown below a folder, in the order of the alphabet; what is no note is told. */
function filesOf(folder: string, skip: (path: string, reason: string) => void): Source[] {
  const sources: Source[] = [];
  const walk = (absolute: string, path: string) => {
    const entries = readdirSync(absolute, { withFileTypes: true }).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    );
    for (const entry of entries) {
      const inside = path === '' ? entry.name : `${path}/${entry.name}`;
      // What programs keep beside the notes: .obsidian, .foam, .git, .trash.
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) walk(join(absolute, entry.name), inside);
      else if (!entry.isFile()) skip(inside, 'It is a link or no file.');
      else if (!/\.(?:md|markdown)$/i.test(entry.name)) skip(inside, 'It is no Markdown.');
      else if (sources.push({ absolute: join(absolute, entry.name), path: inside }) > MAX_FILES)
        throw new OspainError('too_large', `The folder has more than ${MAX_FILES} notes.`, {
          hint: 'Import parts of it.',
        });
    }
  };
  walk(existing(folder), '');
  return sources;
}

function existing(folder: string): string {
  if (!isAbsolute(folder) || folder.includes('\0'))
    throw new OspainError('invalid_params', 'The path of a folder must be absolute.');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new OspainError('not_found', `There is no folder ${JSON.stringify(folder)}.`, {
      hint: 'Name the folder that the Markdown files are in.',
    });
  return realpathSync(folder);
}

/** No link is followed, and nothing that is no text is read as one. */
function readText(path: string): { text: string } | { reason: string } {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stats = fstatSync(file);
    if (!stats.isFile()) return { reason: 'It is a link or no file.' };
    if (stats.size > MAX_NOTE) return { reason: `It has more than ${MAX_NOTE / 1024 / 1024} MiB.` };
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file)) };
  } catch (thrown) {
    return { reason: thrown instanceof TypeError ? 'It is not UTF-8.' : 'It cannot be read.' };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
