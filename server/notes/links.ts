import type { Backlink, NoteLink } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { folderOf, keyOf, nameOf, withoutExtension } from './notePath.ts';
import type { NoteRow } from './noteRow.ts';
import { linkKey } from './store.ts';

/** A link as far as it matters where it leads. */
export interface Target {
  wiki: boolean;
  target: string;
}

/** A note that a name may mean. */
interface Candidate {
  number: number;
  path: string;
  key: string;
  alias: 0 | 1;
}

/** Where links lead, and where they come from. */
export interface Links {
  /** The number and path of the note that a link in a note at `from` leads to. */
  resolve(from: string, link: Target): { number: number; path: string } | undefined;
  /** Those of a note, in the order of its text. */
  of(note: NoteRow): NoteLink[];
  /** Those that lead to it from other notes, in the order of their paths. */
  to(note: NoteRow): Backlink[];
  /** The numbers of notes that have links to something of one of these names. */
  naming(keys: readonly string[]): number[];
  /** What a link may call the note. */
  names(note: NoteRow): string[];
}

/** Links that are told of one note. */
const MOST = 1000;

export function createLinks({ db }: { db: Db }): Links {
  const named = db.prepare<[string], Candidate>(
    `SELECT n.number, n.path, n.key, m.alias FROM note_names m JOIN notes n ON n.number = m.note
     WHERE m.key = ? ORDER BY m.alias, n.key`,
  );
  const linksOf = db.prepare<[number, number], Omit<NoteLink, 'path'> & { wiki: 0 | 1 }>(
    'SELECT wiki, target, heading, label, line FROM note_links WHERE note = ? ORDER BY nth LIMIT ?',
  );
  const linksTo = db.prepare<[number], Backlink & { wiki: 0 | 1; target: string }>(
    `SELECT n.path, n.title, l.wiki, l.target, l.line, l.excerpt FROM note_links l JOIN notes n ON n.number = l.note
     WHERE l.key IN (SELECT key FROM note_names WHERE note = ?) ORDER BY n.key, l.nth LIMIT 20000`,
  );
  const keysOf = db.prepare<[number], string>('SELECT DISTINCT key FROM note_names WHERE note = ?').pluck();
  const naming = db
    .prepare<[string], number>('SELECT DISTINCT note FROM note_links WHERE key IN (SELECT value FROM json_each(?))')
    .pluck();

  const resolve: Links['resolve'] = (from, { wiki, target }) => {
    const candidates = named.all(linkKey(target));
    const folder = folderOf(from);
    // A path of Markdown leads from the folder of its note; `[[a/b]]` from the root, or from anywhere above.
    if (!wiki || /^\.{1,2}\//.test(target)) return at(candidates, joined(folder, target));
    if (target.includes('/')) {
      const wanted = keyOf(withoutExtension(target.replace(/^\/+/, '')));
      const ends = candidates.filter(({ key, alias }) => alias === 0 && withoutExtension(key).endsWith(`/${wanted}`));
      return at(candidates, target) ?? nearest(ends, folder);
    }
    const own = candidates.filter(({ alias }) => alias === 0);
    return nearest(own.length > 0 ? own : candidates, folder);
  };

  return {
    resolve,
    of: (note) =>
      linksOf.all(note.number, MOST).map(({ wiki, ...link }) => ({
        ...link,
        path: resolve(note.path, { wiki: wiki === 1, target: link.target })?.path ?? null,
      })),
    to(note) {
      const leadsHere = ({ wiki, target, path }: { wiki: 0 | 1; target: string; path: string }): boolean =>
        path !== note.path && resolve(path, { wiki: wiki === 1, target })?.number === note.number;
      const found = linksTo.all(note.number).filter(leadsHere).slice(0, MOST);
      return found.map(({ path, title, line, excerpt }) => ({ path, title, line, excerpt }));
    },
    naming: (keys) => naming.all(JSON.stringify(keys)),
    names: (note) => keysOf.all(note.number),
  };
}

function at(candidates: readonly Candidate[], path: string): Candidate | undefined {
  const wanted = keyOf(withoutExtension(path.replace(/^\/+/, '')));
  return candidates.find(({ key, alias }) => alias === 0 && withoutExtension(key) === wanted);
}

/** One in the same folder before others, then the one with the fewest folders, then the first of the alphabet. */
function nearest(candidates: readonly Candidate[], folder: string): Candidate | undefined {
  const far = ({ path }: Candidate): number => (folderOf(path) === folder ? 0 : path.split('/').length);
  return candidates.reduce<Candidate | undefined>(
    (best, one) => (best === undefined || far(one) < far(best) ? one : best),
    undefined,
  );
}

/** A path as it is meant from a folder. What leads out of the notes leads nowhere. */
export function joined(folder: string, target: string): string {
  const parts = target.startsWith('/') || folder === '' ? [] : folder.split('/');
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return '';
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** How to write a link of this sort so that it leads from one path to another; `name` when the name alone does not. */
export function writtenAs(wiki: boolean, from: string, to: string, alone: boolean): string {
  if (wiki) return alone ? nameOf(to) : withoutExtension(to);
  const [here, there] = [folderOf(from).split('/').filter(Boolean), to.split('/')];
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared += 1;
  return [...here.slice(shared).map(() => '..'), ...there.slice(shared)].map(encodePart).join('/');
}

/** Round brackets would end the address. */
const encodePart = (part: string): string => encodeURI(part).replaceAll('(', '%28').replaceAll(')', '%29');
