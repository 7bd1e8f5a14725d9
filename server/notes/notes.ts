import {
  type Backlink,
  MAX_NOTE,
  type Note,
  type NoteBox,
  type NoteConflict,
  type NoteLink,
  OspainError,
  type ParsedParams,
  type Result,
} from '../../protocol/index.ts';
import { markConflicts, merge } from '../agents/proposals/merge.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import { createTransact } from '../storage/transaction.ts';
import { type BoxChange, markBox, tickBox } from './boxes.ts';
import { createNoteChanges, type NoteListeners } from './changes.ts';
import { withTags } from './frontMatter.ts';
import { createLinks } from './links.ts';
import { createNoteListing, type NoteListing } from './listing.ts';
import { createMoving } from './moving.ts';
import { keyOf, notePath } from './notePath.ts';
import { type NoteRow, noNote, toNote } from './noteRow.ts';
import { readNote } from './reader.ts';
import { createNoteSearch } from './searching.ts';
import { createNoteStore } from './store.ts';

export interface NotesDeps extends NoteListeners {
  db: Db;
  now: () => number;
}

/**
 * The notes of a workspace. A note is meant by its path or its id; an unknown one throws `not_found`. Inside a transaction
 * of the caller's nobody is told: who began it calls `poll` afterwards.
 */
export interface Notes extends Omit<NoteListing, 'below'> {
  stat(ref: string): Note;
  show(ref: string): Result<'note/show'>;
  save(params: ParsedParams<'note/save'>): Note;
  merge(params: ParsedParams<'note/merge'>): Result<'note/merge'>;
  move(params: ParsedParams<'note/move'>): Result<'note/move'>;
  remove(ref: string, base?: number): Result<'note/remove'>;
  search(params: ParsedParams<'note/search'>): Result<'note/search'>;
  daily(date?: string): Result<'note/daily'>;
  tag(params: ParsedParams<'note/tag'>): Note;
  mark(ref: string, line: number, base?: number): { note: Note; box: NoteBox };
  tick(ref: string, box: string | number, done: boolean, base?: number): { note: Note; box: NoteBox };
  versions(ref: string): Result<'note/versions'>;
  version(ref: string, version: number): Result<'note/version'>;
  /** Tells of what was written since the last look, by other servers too. */
  poll(): void;
}

export function createNotes({ db, now, onChange, onRemove }: NotesDeps): Notes {
  const store = createNoteStore({ db, now });
  const links = createLinks({ db });
  const listing = createNoteListing({ db });
  const search = createNoteSearch({ db, store });
  const byNumber = db.prepare<[number], NoteRow>('SELECT * FROM notes WHERE number = ?');
  const tagsOf = db.prepare<[number], string>('SELECT tag FROM note_tags WHERE note = ? ORDER BY key').pluck();
  const aliasesOf = db.prepare<[number], string>('SELECT name FROM note_names WHERE note = ? AND alias = 1').pluck();
  const boxesOf = db.prepare<[number], Omit<NoteBox, 'done'> & { done: number }>(
    'SELECT id, line, text, done FROM note_boxes WHERE note = ? ORDER BY line LIMIT 1000',
  );
  const rowOf = (number: number): NoteRow => {
    const row = byNumber.get(number);
    if (row === undefined) throw noNote(String(number));
    return row;
  };
  const move = createMoving({ store, links, below: listing.below, rowOf });
  const poll = createNoteChanges({ db, onChange, onRemove });
  const transact = createTransact(db);
  const commit = <T>(change: () => T): T => {
    const result = transact(change);
    try {
      poll();
    } catch (thrown) {
      // The change is committed, so the caller must not hear that it failed; the next look tells.
      process.emitWarning(`Notes could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
    return result;
  };

  const conflictOf = (row: NoteRow | undefined, path: string): OspainError => {
    const details: NoteConflict =
      row === undefined
        ? { path, version: 0, text: null }
        : { path: row.path, version: row.version, text: store.textOf(row) };
    const what = row === undefined ? 'is not there any more' : 'was changed meanwhile';
    return new OspainError('conflict', `The note ${row?.path ?? path} ${what}.`, {
      hint: 'Look at what stands there now, then merge the two or save it under another name.',
      details,
    });
  };
  /** The row to change; `conflict` when it is not the version that the change was made to. */
  const based = (ref: string, base: number | undefined): NoteRow => {
    const row = store.row(ref);
    if (base !== undefined && row.version !== base) throw conflictOf(row, row.path);
    return row;
  };
  const write = (row: NoteRow, text: string): NoteRow =>
    text === store.textOf(row) ? row : store.write(row, fitting(text));
  const changeBox = (ref: string, base: number | undefined, change: (text: string) => BoxChange) =>
    commit(() => {
      const row = based(ref, base);
      const { text, box } = change(store.textOf(row));
      return { note: toNote(write(row, text)), box };
    });

  return {
    list: (params) => guarded(() => listing.list(params)),
    folders: () => guarded(() => listing.folders()),
    tags: (params) => guarded(() => listing.tags(params)),
    boxes: (params) => guarded(() => listing.boxes(params)),
    find: (params) => guarded(() => listing.find(params)),
    search: (params) => guarded(() => search(params)),
    stat: (ref) => guarded(() => toNote(store.row(ref))),
    show: (ref) =>
      guarded(() => {
        const row = store.row(ref);
        const found: { links: NoteLink[]; backlinks: Backlink[] } = { links: links.of(row), backlinks: links.to(row) };
        const boxes = boxesOf.all(row.number).map((box) => ({ ...box, done: box.done === 1 }));
        const [tags, aliases] = [tagsOf.all(row.number), aliasesOf.all(row.number)];
        return { note: toNote(row), text: store.textOf(row), tags, aliases, ...found, boxes };
      }),
    save({ path: named, text, base, id }) {
      const path = notePath(named);
      const fits = fitting(text);
      return commit(() => {
        const row = store.find(keyOf(path)) ?? (id === undefined ? undefined : store.find(id));
        if (row !== undefined && store.textOf(row) === fits) return toNote(row);
        if ((row?.version ?? null) !== base) throw conflictOf(row, path);
        return toNote(row === undefined ? store.insert(store.spelled(path), fits, id) : store.write(row, fits));
      });
    },
    merge: ({ note: ref, base, baseText, text }) =>
      guarded(() => {
        const row = store.row(ref);
        const current = store.textOf(row);
        const from = store.versions.read(row.number, base)?.text ?? baseText;
        const sides = { base: from ?? '', ours: current, theirs: text };
        const merged = merge(sides);
        const { version } = row;
        if (merged.clean && from !== undefined) return { clean: true, text: merged.text ?? '', version, current };
        const marked = markConflicts(sides, { ours: `version ${version}`, theirs: 'your text' });
        return { clean: false, text: marked ?? text, version, current };
      }),
    move: ({ from, to, base }) =>
      commit(() => {
        if (base !== undefined) based(from, base);
        const { moved, rewritten } = move(from, to);
        return { moved: moved.map(toNote), rewritten };
      }),
    remove: (ref, base) =>
      commit(() => {
        const row = based(ref, base);
        const text = store.textOf(row);
        store.remove(row);
        return { note: toNote(row), text };
      }),
    daily: (date = dayOf(now())) =>
      commit(() => {
        const path = `daily/${date}.md`;
        const there = store.find(path);
        const row = there ?? store.insert(store.spelled(path), `# ${date}\n\n`);
        return { note: toNote(row), made: there === undefined };
      }),
    tag: ({ note: ref, add, remove }) =>
      commit(() => {
        const row = store.row(ref);
        const text = withTags(store.textOf(row), { add, remove });
        const after = new Set(readNote(text).tags.map(keyOf));
        if (add.some((tag) => !after.has(keyOf(tag))))
          throw new OspainError('wrong_state', `The front matter of ${row.path} cannot be read.`, {
            hint: 'Put the YAML between its lines of --- right, then try again.',
          });
        if (remove.some((tag) => after.has(keyOf(tag))))
          throw new OspainError('wrong_state', `A tag stands in the text of ${row.path} itself.`, {
            hint: 'Take it out there; only those of the front matter are taken out for you.',
          });
        return toNote(write(row, text));
      }),
    mark: (ref, line, base) => changeBox(ref, base, (text) => markBox(text, line)),
    tick: (ref, box, done, base) => changeBox(ref, base, (text) => tickBox(text, box, done)),
    versions: (ref) => guarded(() => ({ versions: store.versions.list(store.row(ref).number) })),
    version: (ref, version) =>
      guarded(() => {
        const found = store.versions.read(store.row(ref).number, version);
        if (found !== undefined) return { version, ...found };
        throw new OspainError('not_found', `Version ${version} of this note is not kept.`);
      }),
    poll,
  };
}

/** The text as it can be kept: halves of characters are none. Throws `too_large`. */
function fitting(text: string): string {
  const whole = text.toWellFormed();
  const bytes = Buffer.byteLength(whole);
  if (bytes <= MAX_NOTE) return whole;
  const mebibytes = (bytes / 1024 / 1024).toFixed(1);
  throw new OspainError('too_large', `The note has ${mebibytes} MiB; ${MAX_NOTE / 1024 / 1024} are the most.`, {
    hint: 'Split it into several notes; it was not saved.',
  });
}

/** The civil day of a time where the server runs. */
function dayOf(at: number): string {
  const day = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
