import { randomUUID } from 'node:crypto';
import { OspainError } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { folderOf, keyOf, nameOf, withoutExtension } from './notePath.ts';
import { type NoteRow, noNote } from './noteRow.ts';
import { oneLine, type Reading, readNote } from './reader.ts';
import { createVersions, type Versions } from './versions.ts';
import { forIndex } from './words.ts';

/** Notes as they are kept. Everything inside the caller's transaction. */
export interface NoteStore {
  versions: Versions;
  /** By its id or its path. */
  find(ref: string): NoteRow | undefined;
  /** Throws `not_found`. */
  row(ref: string): NoteRow;
  textOf(row: NoteRow): string;
  insert(path: string, text: string, id?: string): NoteRow;
  /** A new version of its text. */
  write(row: NoteRow, text: string): NoteRow;
  /** Its text stays the same. */
  rename(row: NoteRow, path: string): NoteRow;
  remove(row: NoteRow): void;
  /** A path with its folders spelled as those that are there. */
  spelled(path: string): string;
}

/** Tags that a list tells of one note. */
const LISTED_TAGS = 50;
const REMOVALS = 1000;

export function createNoteStore({ db, now }: { db: Db; now: () => number }): NoteStore {
  const versions = createVersions({ db });
  const byId = db.prepare<[string], NoteRow>('SELECT * FROM notes WHERE id = ?');
  const byKey = db.prepare<[string], NoteRow>('SELECT * FROM notes WHERE key = ?');
  const below = db
    .prepare<[string, string], string>('SELECT path FROM notes WHERE key > ? AND key < ? ORDER BY key LIMIT 1')
    .pluck();
  const tick = db.prepare<[], number>('UPDATE note_clock SET change = change + 1 RETURNING change').pluck();
  const insert = db
    .prepare<[Omit<NoteRow, 'number'>], number>(
      `INSERT INTO notes (id, path, key, title, version, size, tags, boxes, boxes_done, change, created_at, updated_at)
       VALUES (@id, @path, @key, @title, @version, @size, @tags, @boxes, @boxes_done, @change, @created_at, @updated_at)
       RETURNING number`,
    )
    .pluck();
  const update = db.prepare<[NoteRow]>(
    `UPDATE notes SET path = @path, key = @key, title = @title, version = @version, size = @size, tags = @tags,
       boxes = @boxes, boxes_done = @boxes_done, change = @change, updated_at = @updated_at WHERE number = @number`,
  );
  const remove = db.prepare<[number]>('DELETE FROM notes WHERE number = ?');
  const removal = db.prepare<[number, string, string, string | null]>(
    'INSERT INTO note_removals (change, id, path, moved_to) VALUES (?, ?, ?, ?)',
  );
  const forget = db.prepare<[number]>(
    'DELETE FROM note_removals WHERE change <= (SELECT change FROM note_removals ORDER BY change DESC LIMIT 1 OFFSET ?)',
  );
  const index = createIndex(db);

  const columnsOf = (path: string, reading: Reading) => ({
    ...{ path, key: keyOf(path), title: reading.title ?? oneLine(nameOf(path), 200) },
    tags: JSON.stringify(reading.tags.toSorted(byName).slice(0, LISTED_TAGS)),
    boxes: reading.boxes.length,
    boxes_done: reading.boxes.filter(({ done }) => done).length,
  });
  const change = (): number => tick.get() ?? 0;

  const store: NoteStore = {
    versions,
    find: (ref) => byId.get(ref) ?? byKey.get(keyOf(ref)),
    row(ref) {
      const row = store.find(ref);
      if (row === undefined) throw noNote(ref);
      return row;
    },
    textOf(row) {
      const found = versions.read(row.number, row.version);
      if (found !== undefined) return found.text;
      throw new OspainError('storage_corrupt', 'The text of a note is missing.', {
        hint: 'Restore a backup of this workspace.',
      });
    },
    insert(path, text, id = randomUUID()) {
      const reading = readNote(text);
      const at = now();
      const columns = {
        ...columnsOf(path, reading),
        ...{ id, version: 1, size: Buffer.byteLength(text), change: change(), created_at: at, updated_at: at },
      };
      const row = { ...columns, number: insert.get(columns) ?? 0 };
      versions.keep(row.number, { version: 1, at }, text);
      index.put(row, text, reading);
      return row;
    },
    write(old, text) {
      const reading = readNote(text);
      const at = now();
      const row = {
        ...{ ...old, ...columnsOf(old.path, reading) },
        ...{ version: old.version + 1, size: Buffer.byteLength(text), change: change(), updated_at: at },
      };
      update.run(row);
      versions.keep(row.number, { version: row.version, at }, text);
      index.put(row, text, reading);
      return row;
    },
    rename(old, path) {
      removal.run(change(), old.id, old.path, path);
      const text = store.textOf(old);
      const reading = readNote(text);
      const row = { ...old, ...columnsOf(path, reading), change: change() };
      update.run(row);
      index.put(row, text, reading);
      return row;
    },
    remove(row) {
      remove.run(row.number);
      removal.run(change(), row.id, row.path, null);
      forget.run(REMOVALS);
    },
    spelled(path) {
      for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
        const key = keyOf(folder);
        const there = below.get(`${key}/`, `${key}0`);
        if (there !== undefined) return there.slice(0, folder.length) + path.slice(folder.length);
      }
      return path;
    },
  };
  return store;
}

/** What is found by a note's text: its words, names, links, tags and boxes. */
function createIndex(db: Db) {
  const clear = ['note_names', 'note_links', 'note_tags', 'note_boxes'].map((table) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE note = ?`),
  );
  const unword = db.prepare<[number]>('DELETE FROM note_words WHERE rowid = ?');
  const words = db.prepare<[number, string, string, string, string]>(
    'INSERT INTO note_words (rowid, title, tags, path, body) VALUES (?, ?, ?, ?, ?)',
  );
  const name = db.prepare<[number, string, string, number]>(
    'INSERT OR IGNORE INTO note_names (note, key, name, alias) VALUES (?, ?, ?, ?)',
  );
  const link = db.prepare(
    `INSERT INTO note_links (note, nth, key, wiki, target, heading, label, line, excerpt)
     VALUES (@note, @nth, @key, @wiki, @target, @heading, @label, @line, @excerpt)`,
  );
  const tag = db.prepare<[string, number, string]>('INSERT OR IGNORE INTO note_tags (key, note, tag) VALUES (?, ?, ?)');
  const box = db.prepare<[number, number, string | null, number, string]>(
    'INSERT OR IGNORE INTO note_boxes (note, line, id, done, text) VALUES (?, ?, ?, ?, ?)',
  );

  return {
    put({ number, path, title }: NoteRow, text: string, reading: Reading): void {
      for (const statement of clear) statement.run(number);
      unword.run(number);
      words.run(
        number,
        forIndex(title),
        forIndex(reading.tags.join(' ')),
        forIndex(withoutExtension(path)),
        forIndex(text),
      );
      name.run(number, keyOf(nameOf(path)), nameOf(path), 0);
      for (const alias of reading.aliases) name.run(number, keyOf(alias), alias, 1);
      for (const [nth, { wiki, target, heading, label, line, excerpt }] of reading.links.entries())
        link.run({
          note: number,
          nth,
          key: linkKey(target),
          wiki: wiki ? 1 : 0,
          target,
          heading,
          label,
          line,
          excerpt,
        });
      for (const one of reading.tags) tag.run(keyOf(one), number, one);
      for (const { line, id, done, text: words } of reading.boxes) box.run(number, line, id, done ? 1 : 0, words);
    },
  };
}

/** The key of the name that a link leads to, wherever in the folders that is. */
export const linkKey = (target: string): string =>
  keyOf(withoutExtension(target.slice(target.lastIndexOf('/') + 1)).trim());

const byName = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
