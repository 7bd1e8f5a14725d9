import { OspainError, type ParsedParams, type Result } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { folderOf, folderPath, keyOf } from './notePath.ts';
import { type NoteRow, toNote } from './noteRow.ts';

/** Lists of notes, a page at a time; what a page answers as `next` is where the one after it begins. */
export interface NoteListing {
  list(params: ParsedParams<'note/list'>): Result<'note/list'>;
  folders(): Result<'note/folders'>;
  tags(params: ParsedParams<'note/tags'>): Result<'note/tags'>;
  boxes(params: ParsedParams<'note/boxes'>): Result<'note/boxes'>;
  find(params: ParsedParams<'note/find'>): Result<'note/find'>;
  /** All in a folder, in itself or below. */
  below(folder: string): NoteRow[];
}

/** Behind every string that begins with what stands before it. */
const END = '\u{10ffff}';

export function createNoteListing({ db }: { db: Db }): NoteListing {
  const scope = `(@folder = '' OR (key > @folder || '/' AND key < @folder || '0'))
     AND (@direct = 0 OR instr(substr(key, iif(@folder = '', 1, length(@folder) + 2)), '/') = 0)
     AND (@tag = '' OR number IN
       (SELECT note FROM note_tags WHERE key = @tag UNION ALL SELECT note FROM note_tags WHERE key > @tag || '/' AND key < @tag || '0'))`;
  const total = db.prepare<[object], number>(`SELECT count(*) FROM notes WHERE ${scope}`).pluck();
  const byPath = db.prepare<[object], NoteRow>(
    `SELECT * FROM notes WHERE key > @after AND ${scope} ORDER BY key LIMIT @limit`,
  );
  const byTime = db.prepare<[object], NoteRow>(
    `SELECT * FROM notes WHERE (updated_at, number) < (@at, @number) AND ${scope}
     ORDER BY updated_at DESC, number DESC LIMIT @limit`,
  );
  const paths = db.prepare<[], string>('SELECT path FROM notes ORDER BY key').pluck();
  const below = db.prepare<[string, string], NoteRow>('SELECT * FROM notes WHERE key > ? AND key < ? ORDER BY key');
  const tags = db.prepare<[object], { key: string; tag: string; notes: number }>(
    `SELECT key, min(tag) AS tag, count(*) AS notes FROM note_tags
     WHERE key > @after AND key >= @prefix AND key < @end GROUP BY key ORDER BY key LIMIT @limit`,
  );
  const boxes = db.prepare<
    [object],
    { key: string; path: string; line: number; id: string | null; done: number; text: string }
  >(
    `SELECT n.key, n.path, b.line, b.id, b.done, b.text FROM notes n JOIN note_boxes b ON b.note = n.number
     WHERE (n.key, b.line) > (@key, @line) AND (@done IS NULL OR b.done = @done) ORDER BY n.key, b.line LIMIT @limit`,
  );
  const find = db.prepare<[object], { path: string; title: string; name: string; alias: number }>(
    `SELECT n.path, n.title, m.name, m.alias FROM note_names m JOIN notes n ON n.number = m.note
     WHERE instr(m.key, @text) > 0 OR (m.alias = 0 AND (instr(n.key, @text) > 0 OR instr(lower(n.title), @text) > 0))
     ORDER BY substr(m.key, 1, length(@text)) <> @text, instr(m.key, @text) = 0, m.alias, length(m.key), n.key LIMIT @limit`,
  );
  const sameName = db
    .prepare<[string], number>('SELECT count(DISTINCT note) FROM note_names WHERE key = ? AND alias = 0')
    .pluck();

  return {
    list({ folder = '', direct = false, tag = '', order, after, limit }) {
      const where = {
        folder: keyOf(folderPath(folder)),
        tag: keyOf(tag.replace(/^#/, '')),
        direct: Number(direct),
        limit,
      };
      const [at = Number.MAX_SAFE_INTEGER, number = 0] =
        order === 'updated' && after !== undefined ? numbersOf(after) : [];
      const rows =
        order === 'path' ? byPath.all({ ...where, after: after ?? '' }) : byTime.all({ ...where, at, number });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      const next = last && (order === 'path' ? last.key : `${last.updated_at}.${last.number}`);
      return { notes: rows.map(toNote), total: total.get(where) ?? 0, next: next ?? null };
    },
    folders() {
      const counts = new Map<string, number>();
      for (const path of paths.all()) {
        const folder = folderOf(path);
        for (let one = folder; one !== ''; one = folderOf(one)) counts.set(one, counts.get(one) ?? 0);
        if (folder !== '') counts.set(folder, (counts.get(folder) ?? 0) + 1);
      }
      const folders = [...counts].map(([path, notes]) => ({ path, notes }));
      return { folders: folders.sort((one, other) => (keyOf(one.path) < keyOf(other.path) ? -1 : 1)) };
    },
    tags({ prefix, after = '', limit }) {
      const key = keyOf(prefix.replace(/^#/, ''));
      const rows = tags.all({ prefix: key, end: key + END, after, limit });
      return {
        tags: rows.map(({ tag, notes }) => ({ tag, notes })),
        next: rows.length === limit ? (rows.at(-1)?.key ?? null) : null,
      };
    },
    boxes({ done, after, limit }) {
      const [line = '0', ...key] = (after ?? '').split(' ');
      const wanted = done === undefined ? null : Number(done);
      const rows = boxes.all({ key: key.join(' '), line: Number(line) || 0, done: wanted, limit });
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        boxes: rows.map(({ path, line: at, id, done: ticked, text }) => ({
          path,
          line: at,
          id,
          done: ticked === 1,
          text,
        })),
        next: last === undefined ? null : `${last.line} ${last.key}`,
      };
    },
    find({ text, limit }) {
      const rows = find.all({ text: keyOf(text.trim()), limit });
      return {
        names: rows.map(({ path, title, name, alias }) => {
          const alone = alias === 1 || sameName.get(keyOf(name)) === 1;
          return { path, title, link: alone ? name : path.slice(0, -'.md'.length) };
        }),
      };
    },
    below: (folder) => below.all(`${keyOf(folder)}/`, `${keyOf(folder)}0`),
  };
}

function numbersOf(after: string): [number, number] {
  const [, at, number] = /^(\d{1,16})\.(\d{1,16})$/.exec(after) ?? [];
  if (at === undefined || number === undefined)
    throw new OspainError('invalid_params', 'There is no such page of notes.', { hint: 'Begin at the first one.' });
  return [Number(at), Number(number)];
}
