import type { ParsedParams, Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { type NoteRow, toNote } from './noteRow.ts';
import { snippetOf } from './snippet.ts';
import type { NoteStore } from './store.ts';
import { matchOf, wordsOf } from './words.ts';

/** Finds notes by their words, best first. */
export function createNoteSearch({ db, store }: { db: Db; store: NoteStore }) {
  // What is in the title or a tag says more than what is in the text.
  const search = db.prepare<[string, number], NoteRow>(
    `SELECT n.* FROM (SELECT rowid, bm25(note_words, 10, 6, 4, 1) AS score FROM note_words WHERE note_words MATCH ?
       ORDER BY score LIMIT ?) f JOIN notes n ON n.number = f.rowid ORDER BY f.score`,
  );
  return ({ text, limit }: ParsedParams<'note/search'>): Result<'note/search'> => {
    const match = matchOf(text);
    if (match === undefined) return { hits: [] };
    const words = wordsOf(text).map(({ word }) => word);
    const hits = search.all(match, limit).map((row) => ({ note: toNote(row), ...snippetOf(store.textOf(row), words) }));
    return { hits };
  };
}
