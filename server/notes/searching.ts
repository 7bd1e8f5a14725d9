import type { ParsedParams, Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { type NoteRow, toNote } from './noteRow.ts';
import { snippetOf } from './snippet.ts';
import type { NoteStore } from './store.ts';
import { matchOf, wordsOf } from './words.ts';

/**
 * Notes that are ranked by how well they fit. Where more have the words, those that are called so come first and then the
 * newest: that all of them have a word says little, and to weigh it takes long.
 */
const RANKED = 1000;

/** Finds notes by their words, best first. */
export function createNoteSearch({ db, store }: { db: Db; store: NoteStore }) {
  // What is in the title or a tag says more than what is in the text.
  const search = db.prepare<[string, number], NoteRow>(
    `SELECT n.* FROM (SELECT rowid, bm25(note_words, 10, 6, 4, 1) AS score FROM note_words WHERE note_words MATCH ?
       ORDER BY score LIMIT ?) f JOIN notes n ON n.number = f.rowid ORDER BY f.score`,
  );
  const isCommon = db
    .prepare<[string, number], number>(
      'SELECT count(*) FROM (SELECT 1 FROM note_words WHERE note_words MATCH ? LIMIT ?)',
    )
    .pluck();
  const newest = db.prepare<[string, number], NoteRow>(
    `SELECT n.* FROM (SELECT rowid FROM note_words WHERE note_words MATCH ? ORDER BY rowid DESC LIMIT ?) f
     JOIN notes n ON n.number = f.rowid ORDER BY n.number DESC`,
  );
  const found = (match: string, limit: number): NoteRow[] => {
    if ((isCommon.get(match, RANKED + 1) ?? 0) <= RANKED) return search.all(match, limit);
    const first = search.all(`{title tags path} : (${match})`, limit);
    const known = new Set(first.map(({ number }) => number));
    return [...first, ...newest.all(match, limit).filter(({ number }) => !known.has(number))].slice(0, limit);
  };
  return ({ text, limit }: ParsedParams<'note/search'>): Result<'note/search'> => {
    const match = matchOf(text);
    if (match === undefined) return { hits: [] };
    const words = wordsOf(text).map(({ word }) => word);
    const hits = found(match, limit).map((row) => ({ note: toNote(row), ...snippetOf(store.textOf(row), words) }));
    return { hits };
  };
}
