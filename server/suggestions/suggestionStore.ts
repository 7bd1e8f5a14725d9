import { OspainError, type ParsedParams, type SuggestionStatus } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { Subject } from './subjects.ts';
import { SELECT_SUGGESTION, type SuggestionRow } from './suggestionRow.ts';

type Decided = Pick<SuggestionRow, 'number' | 'status' | 'parts'> & { at: number };
type MadeRow = Decided & Pick<SuggestionRow, 'reason' | 'model'>;
type Page = Pick<ParsedParams<'suggestion/list'>, 'limit'> & { before: number; status: string | null };

/** The rows of suggestions. What writes is called inside the caller's transaction. */
export interface SuggestionStore {
  /** By its id, or its number in decimal; throws `not_found`. */
  row(ref: string): SuggestionRow;
  find(id: string): SuggestionRow | undefined;
  numbered(number: number): SuggestionRow | undefined;
  ofTask(task: number): SuggestionRow | undefined;
  /** Those that are made or wait for a person. */
  live(): SuggestionRow[];
  /** Of these, the ones that say the same of the same. */
  alike(subject: Subject, about: SuggestionRow['about']): SuggestionRow[];
  /** Newest first; of one subject, or of all. */
  page(subject: Subject | undefined, wanted: Page): SuggestionRow[];
  add(row: Subject & Pick<SuggestionRow, 'id' | 'about' | 'asked_model' | 'basis' | 'created_at'>): void;
  setTask(number: number, task: number): void;
  setMatter(number: number, matter: string, basis: string): void;
  setMade(row: MadeRow): void;
  setDecided(row: Decided): void;
  setBasis(number: number, basis: string): void;
}

const LIVE = ['asked', 'open'] as const satisfies SuggestionStatus[];
const IS_LIVE = `s.status IN (${LIVE.map((status) => `'${status}'`).join(', ')})`;

export function createSuggestionStore({ db }: { db: Db }): SuggestionStore {
  const one = <Key>(where: string) => db.prepare<[Key], SuggestionRow>(`${SELECT_SUGGESTION} WHERE ${where} = ?`);
  const [byId, byNumber, byTask] = [one<string>('s.id'), one<number>('s.number'), one<number>('s.task_id')];
  const live = db.prepare<[], SuggestionRow>(
    `${SELECT_SUGGESTION.replace('suggestions s', 'suggestions s INDEXED BY suggestions_live')} WHERE ${IS_LIVE} ORDER BY s.number`,
  );
  const alike = db.prepare<[Subject & Pick<SuggestionRow, 'about'>], SuggestionRow>(
    `${SELECT_SUGGESTION} WHERE s.about = @about AND ${IS_LIVE} AND s.note IS @note AND s.item_id IS @item_id
     AND s.week IS @week`,
  );
  const pageOf = (where: string) =>
    db.prepare<[Subject & Page], SuggestionRow>(
      `${SELECT_SUGGESTION} WHERE ${where} AND (@status IS NULL OR s.status IN (SELECT value FROM json_each(@status)))
       AND s.number < @before ORDER BY s.number DESC LIMIT @limit`,
    );
  // Each filter by itself, so that it walks its index.
  const pages = {
    all: pageOf('true'),
    note: pageOf('s.note = @note'),
    item: pageOf('s.item_id = @item_id'),
    week: pageOf('s.week = @week'),
  };
  const add = db.prepare<[Parameters<SuggestionStore['add']>[0]]>(
    `INSERT INTO suggestions (id, about, note, item_id, week, status, asked_model, basis, created_at, updated_at)
     VALUES (@id, @about, @note, @item_id, @week, 'asked', @asked_model, @basis, @created_at, @created_at)`,
  );
  const setTask = db.prepare<[task: number, number: number]>('UPDATE suggestions SET task_id = ? WHERE number = ?');
  const setMatter = db.prepare<[matter: string, basis: string, number: number]>(
    'UPDATE suggestions SET matter = ?, basis = ? WHERE number = ?',
  );
  const setMade = db.prepare<[MadeRow]>(
    `UPDATE suggestions SET status = @status, reason = @reason, parts = @parts, model = @model, matter = NULL,
       updated_at = @at WHERE number = @number`,
  );
  const setDecided = db.prepare<[Decided]>(
    'UPDATE suggestions SET status = @status, parts = @parts, matter = NULL, updated_at = @at WHERE number = @number',
  );
  const setBasis = db.prepare<[basis: string, number: number]>('UPDATE suggestions SET basis = ? WHERE number = ?');

  return {
    row(ref) {
      const found = /^\d{1,15}$/.test(ref) ? byNumber.get(Number(ref)) : byId.get(ref);
      if (found) return found;
      throw new OspainError('not_found', `There is no suggestion ${JSON.stringify(ref.slice(0, 64))}.`);
    },
    find: (id) => byId.get(id),
    numbered: (number) => byNumber.get(number),
    ofTask: (task) => byTask.get(task),
    live: () => live.all(),
    alike: (subject, about) => alike.all({ ...subject, about }),
    page(subject = { note: null, item_id: null, week: null }, wanted) {
      const { note, item_id, week } = subject;
      const page = note !== null ? pages.note : item_id !== null ? pages.item : week !== null ? pages.week : pages.all;
      return page.all({ ...wanted, note, item_id, week });
    },
    add: (row) => void add.run(row),
    setTask: (number, task) => void setTask.run(task, number),
    setMatter: (number, matter, basis) => void setMatter.run(matter, basis, number),
    setMade: (row) => void setMade.run(row),
    setDecided: (row) => void setDecided.run(row),
    setBasis: (number, basis) => void setBasis.run(basis, number),
  };
}
