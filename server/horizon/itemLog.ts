import { type Day, type ItemDeed, type ItemHistory, OspainError } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import type { ItemState } from './itemRow.ts';

/** What happened to an item; `schedule`: a schedule will start a task for it. */
export type Deed = ItemDeed | 'undo' | 'redo' | 'schedule';

export interface NewChange {
  /** By which a client says it again. */
  uid: string | null;
  itemId: string;
  deed: Deed;
  /** Whole states; what was not there yet is as if removed. */
  before: ItemState;
  after: ItemState;
  /** The columns that differ. */
  changed: { before: Partial<ItemState>; after: Partial<ItemState> };
  /** Whether a person can take it back with the next undo. */
  undoable: boolean;
}

export interface Change {
  number: number;
  itemId: string;
  deed: Deed;
  before: Partial<ItemState>;
  after: Partial<ItemState>;
  stack: 'done' | 'undone' | 'dropped' | 'kept';
}

/** Everything that happened to items. Every function that writes runs inside the caller's transaction. */
export interface ItemLog {
  /** Answers its number. What was undone before and not done again is given up when this can be undone. */
  append(change: NewChange): number;
  byUid(uid: string): Change | undefined;
  /** The newest change that can be undone, or the one with this number. Throws `wrong_state`. */
  toUndo(number?: number): Change;
  /** What was undone last, or the undone change with this number. Throws `wrong_state`. */
  toRedo(number?: number): Change;
  /** It was undone by `turned`; null: it was done again. */
  turn(number: number, turned: number | null): void;
  history(): ItemHistory;
  last(): number;
  /** The items that something happened to since, each once, in that order. */
  touchedSince(number: number): string[];
}

interface Row {
  number: number;
  itemId: string;
  deed: Deed;
  before: string;
  after: string;
  stack: Change['stack'];
}

export function createItemLog({ db, now, today }: { db: Db; now: () => number; today: () => Day }): ItemLog {
  const insert = db.prepare<[Record<string, string | number | null>], { number: number }>(
    `INSERT INTO item_changes (uid, item_id, deed, at, day, before, after, stack, planned, planned_minutes, finished,
       finished_minutes)
     VALUES (@uid, @itemId, @deed, @at, @day, @before, @after, @stack, @planned, @plannedMinutes, @finished,
       @finishedMinutes) RETURNING number`,
  );
  const COLUMNS = 'number, item_id AS itemId, deed, before, after, stack';
  const byUid = db.prepare<[string], Row>(`SELECT ${COLUMNS} FROM item_changes WHERE uid = ?`);
  const byNumber = db.prepare<[number], Row>(`SELECT ${COLUMNS} FROM item_changes WHERE number = ?`);
  const newestDone = db.prepare<[], Row>(
    `SELECT ${COLUMNS} FROM item_changes WHERE stack = 'done' ORDER BY number DESC LIMIT 1`,
  );
  const lastUndone = db.prepare<[], Row>(
    `SELECT ${COLUMNS} FROM item_changes WHERE stack = 'undone' ORDER BY turned DESC LIMIT 1`,
  );
  const drop = db.prepare(`UPDATE item_changes SET stack = 'dropped' WHERE stack = 'undone'`);
  const turn = db.prepare<[string, number | null, number]>(
    'UPDATE item_changes SET stack = ?, turned = ? WHERE number = ?',
  );
  const titleOf = db.prepare<[string], { title: string }>('SELECT title FROM items WHERE id = ?');
  const last = db.prepare<[], { number: number }>('SELECT coalesce(max(number), 0) AS number FROM item_changes');
  const since = db.prepare<[number], { itemId: string }>(
    'SELECT item_id AS itemId FROM item_changes WHERE number > ? GROUP BY item_id ORDER BY max(number)',
  );

  const toChange = (row: Row): Change => ({
    ...row,
    before: JSON.parse(row.before) as Partial<ItemState>,
    after: JSON.parse(row.after) as Partial<ItemState>,
  });

  const find = (number: number | undefined, next: Row | undefined, stack: Change['stack'], word: string): Change => {
    const row = number === undefined ? next : byNumber.get(number);
    if (row?.stack === stack) return toChange(row);
    if (number === undefined) throw new OspainError('wrong_state', `There is nothing to ${word}.`);
    throw new OspainError(
      'wrong_state',
      `The change ${number} cannot be ${stack === 'done' ? 'undone' : 'done again'}.`,
    );
  };

  const undoable = (row: Row | undefined): ItemHistory['undo'] => {
    if (row === undefined) return null;
    // Undo and redo are no part of what they go through.
    const deed = row.deed as ItemDeed;
    return { change: row.number, deed, itemId: row.itemId, title: titleOf.get(row.itemId)?.title ?? '' };
  };

  return {
    append({ uid, itemId, deed, before, after, changed, undoable }) {
      if (undoable) drop.run();
      const row = insert.get({
        ...{ uid, itemId, deed, at: now(), day: today(), stack: undoable ? 'done' : 'kept' },
        ...{ before: JSON.stringify(changed.before), after: JSON.stringify(changed.after) },
        ...growth(weigh(before), weigh(after)),
      });
      return row?.number ?? 0;
    },
    byUid(uid) {
      const row = byUid.get(uid);
      return row && toChange(row);
    },
    toUndo: (number) => find(number, newestDone.get(), 'done', 'undo'),
    toRedo: (number) => find(number, lastUndone.get(), 'undone', 'redo'),
    turn: (number, turned) => void turn.run(turned === null ? 'done' : 'undone', turned, number),
    history: () => ({ undo: undoable(newestDone.get()), redo: undoable(lastUndone.get()) }),
    last: () => last.get()?.number ?? 0,
    touchedSince: (number) => since.all(number).map(({ itemId }) => itemId),
  };
}

interface Weight {
  planned: number;
  plannedMinutes: number;
  finished: number;
  finishedMinutes: number;
}

/** What an item adds to what is planned and to what is done. What is `someday` is not planned; once done, it was. */
function weigh({ removed, done_at, horizon, estimate }: ItemState): Weight {
  const planned = removed === 0 && (done_at !== null || horizon !== 'someday') ? 1 : 0;
  const finished = removed === 0 && done_at !== null ? 1 : 0;
  const minutes = estimate ?? 0;
  return { planned, plannedMinutes: planned * minutes, finished, finishedMinutes: finished * minutes };
}

const growth = (before: Weight, after: Weight): Weight => ({
  planned: after.planned - before.planned,
  plannedMinutes: after.plannedMinutes - before.plannedMinutes,
  finished: after.finished - before.finished,
  finishedMinutes: after.finishedMinutes - before.finishedMinutes,
});
