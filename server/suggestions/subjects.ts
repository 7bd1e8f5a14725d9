import {
  type About,
  type Day,
  type Item,
  OspainError,
  type Suggestion,
  type SuggestionSubject,
  weekOf,
} from '../../protocol/index.ts';
import type { Items } from '../horizon/items.ts';
import type { Notes } from '../notes/notes.ts';
import type { Db } from '../storage/database.ts';
import { basisOfItem, basisOfNote } from './basis.ts';
import type { Matter } from './matter.ts';
import type { SuggestionRow } from './suggestionRow.ts';

/** What a suggestion is about, as its row names it. */
export type Subject = Pick<SuggestionRow, 'note' | 'item_id' | 'week'>;

/** Reads what suggestions are made of. Throws `not_found` for a note or an item that is not there. */
export interface Subjects {
  find(of: SuggestionSubject): Subject;
  /** What a suggestion about it is made of now; null when it is gone. */
  basis(subject: Subject, about: About): string | null;
  matter(subject: Subject, about: Matter['about']): Matter;
  /** How people call it, in a sentence. */
  words(subject: Subject): string;
}

interface SubjectsDeps {
  db: Db;
  notes: Pick<Notes, 'show'>;
  items: Pick<Items, 'get' | 'list'>;
  today: () => Day;
}

/** Tags of others that a model is told. */
const MOST_KNOWN = 40;
/** Notes whose basis is remembered. */
const MOST_KEPT = 500;

export function createSubjects({ db, notes, items, today }: SubjectsDeps): Subjects {
  const noteById = db.prepare<[string], { number: number }>('SELECT number FROM notes WHERE id = ?');
  const idOf = db.prepare<[number], { id: string; version: number }>('SELECT id, version FROM notes WHERE number = ?');
  const known = db.prepare<[number], { tag: string }>(
    'SELECT min(tag) AS tag FROM note_tags GROUP BY key ORDER BY count(*) DESC, key LIMIT ?',
  );
  const planned = db.prepare<[string], { box: string }>(
    'SELECT box FROM items WHERE note_id = ? AND box IS NOT NULL AND removed = 0',
  );
  const read = new Map<number, { version: number; basis: string }>();

  const noteOf = (number: number) => {
    const row = idOf.get(number);
    if (row === undefined) throw new OspainError('not_found', 'The note is not there any more.');
    return notes.show(row.id);
  };

  /** Null when it is gone; a note is read again only when its version is another. */
  const noteBasis = (number: number): string | null => {
    const row = idOf.get(number);
    if (row === undefined) return null;
    const before = read.get(number);
    if (before?.version === row.version) return before.basis;
    const { note, text } = notes.show(row.id);
    const basis = basisOfNote(note, text);
    if (read.size >= MOST_KEPT) read.clear();
    read.set(number, { version: note.version, basis });
    return basis;
  };

  const itemOf = (id: string): Item | null => {
    try {
      return items.get(id);
    } catch (thrown) {
      if (OspainError.from(thrown).code === 'not_found') return null;
      throw thrown;
    }
  };

  const usedTags = () => known.all(MOST_KNOWN).map(({ tag }) => tag);

  const noteMatter = (number: number, about: Matter['about']): Matter => {
    const { note, text, tags, boxes } = noteOf(number);
    const taken = new Set(planned.all(note.id).map(({ box }) => box));
    const free = boxes.filter(({ id, done, text: said }) => !done && said !== '' && !(id !== null && taken.has(id)));
    return {
      ...{ about, is: 'note', name: note.path, title: note.title, text, tags, known: usedTags() },
      ...{ boxes: about === 'horizon' ? free.map((box) => box.text) : [], horizon: null, today: today() },
    };
  };

  const itemMatter = (item: Item, about: Matter['about']): Matter => ({
    ...{ about, is: 'item', name: String(item.number), title: item.title, text: itemText(item), tags: item.tags },
    ...{ known: usedTags(), boxes: [], horizon: item.horizon, today: today() },
  });

  return {
    find(of) {
      if ('week' in of) return { note: null, item_id: null, week: weekOf(of.week) };
      if ('item' in of) return { note: null, item_id: items.get(of.item).id, week: null };
      const { note } = notes.show(of.note);
      return { note: noteById.get(note.id)?.number ?? null, item_id: null, week: null };
    },
    basis({ note, item_id, week }, about) {
      if (week !== null) return week;
      if (note !== null) return noteBasis(note);
      const item = item_id === null ? null : itemOf(item_id);
      return item === null ? null : basisOfItem(item, about);
    },
    matter({ note, item_id }, about) {
      if (note !== null) return noteMatter(note, about);
      return itemMatter(items.get(item_id ?? ''), about);
    },
    words({ note, item_id, week }) {
      if (week !== null) return `the week of ${week}`;
      if (note !== null) return `the note ${noteOf(note).note.path}`;
      return `item ${items.get(item_id ?? '').number}`;
    },
  };
}

function itemText({ title, due, start, estimate }: Item): string {
  return [
    title,
    ...(start === null ? [] : [`It can begin on ${start}.`]),
    ...(due === null ? [] : [`It is due on ${due}.`]),
    ...(estimate === null ? [] : [`It takes about ${estimate} minutes.`]),
  ].join('\n');
}

/** Which of these a suggestion can be about. */
export function assertSense(about: Suggestion['about'], of: SuggestionSubject): void {
  if ((about === 'review') === 'week' in of) return;
  throw new OspainError(
    'invalid_params',
    about === 'review' ? 'A review is of a week.' : `A week has no ${about === 'tags' ? 'tags' : about}.`,
  );
}
