import { randomUUID } from 'node:crypto';
import {
  type Day,
  type Item,
  type ItemHistory,
  OspainError,
  type ParsedParams,
  type Result,
} from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import { assertNoCircle } from './dependencies.ts';
import { type Change, createItemLog, type Deed, type ItemLog } from './itemLog.ts';
import { createPlaces } from './itemPlaces.ts';
import { createItemReader, type ItemReader } from './itemReader.ts';
import { differences, type ItemRow, type ItemState, STATE_COLUMNS } from './itemRow.ts';

export interface ItemsDeps {
  db: Db;
  queue: Pick<Queue, 'transact'>;
  now: () => number;
  /** The day that it is where the server runs. */
  today: () => Day;
  /** Told after the commit, of what any server of the workspace wrote once `poll` was called. Removed ones by their id. */
  onChange: (item: Item) => void;
  onRemove: (itemId: string) => void;
  onHistory: (history: ItemHistory) => void;
}

type Method = 'item/add' | 'item/change' | 'item/move' | 'item/remove' | 'item/undo' | 'item/redo' | 'item/list';
type Does<M extends Method> = (params: ParsedParams<M>) => Result<M>;

/**
 * What is planned. Every change is recorded with what it changed, in the same transaction, which is what undo, redo and the
 * burn-up are made of. `ref` is an item's id, or its number in decimal; an unknown one throws `not_found`.
 */
export interface Items {
  add: Does<'item/add'>;
  change: Does<'item/change'>;
  move: Does<'item/move'>;
  remove: Does<'item/remove'>;
  undo: Does<'item/undo'>;
  redo: Does<'item/redo'>;
  list: Does<'item/list'>;
  get(ref: string): Item;
  /** All of them, in the order of horizons and places. */
  all(): Item[];
  rows(): ItemRow[];
  /** Inside the caller's transaction: that a task had it done, or that it did not after all. No undo goes through these. */
  settle(itemId: string, taskId: string, done: boolean): void;
  /** Runs a change in one transaction and then tells of it. */
  commit<T>(change: () => T): T;
  /** Inside the caller's transaction: a schedule will start a task for it. */
  scheduled(itemId: string): void;
  /** Tells of it as it is now, since a task of it changed. */
  tell(itemId: string): void;
  /** Tells of what other servers changed since the last look. */
  poll(): void;
}

const NOT_THERE = { removed: 1 } as const;

export function createItems({ db, queue, now, today, onChange, onRemove, onHistory }: ItemsDeps): Items {
  const log: ItemLog = createItemLog({ db, now, today });
  const reader: ItemReader = createItemReader({ db });
  const places = createPlaces({ db });
  const insert = db.prepare<[Omit<ItemRow, 'number' | 'version'>]>(
    `INSERT INTO items (id, created_at, updated_at, ${STATE_COLUMNS.join(', ')})
     VALUES (@id, @created_at, @updated_at, ${STATE_COLUMNS.map((name) => `@${name}`).join(', ')})`,
  );
  const update = db.prepare<[ItemRow]>(
    `UPDATE items SET version = @version, updated_at = @updated_at, ${STATE_COLUMNS.map((name) => `${name} = @${name}`).join(', ')}
     WHERE number = @number`,
  );
  let seen = guarded(() => log.last());
  let told = '';

  const poll = () => {
    const last = guarded(() => log.last());
    if (last === seen) return;
    const rows = guarded(() => log.touchedSince(seen).map((id) => reader.anyRow(id)));
    const items = guarded(() => reader.items(rows.filter(({ removed }) => removed === 0)));
    seen = last;
    for (const item of items) onChange(item);
    for (const { id, removed } of rows) if (removed === 1) onRemove(id);
    const history = guarded(() => log.history());
    const text = JSON.stringify(history);
    if (text !== told) onHistory(history);
    told = text;
  };

  const commit = <T>(change: () => T): T => {
    const result = queue.transact(change);
    // Inside an outer transaction nothing is durable yet; whoever has that one polls.
    if (db.inTransaction) return result;
    try {
      poll();
    } catch (thrown) {
      // The change is committed, so the caller must not hear that it failed; the next round tells.
      process.emitWarning(`Items could not be read: ${thrown instanceof Error ? thrown.message : ''}`);
    }
    return result;
  };

  /** Writes an edit and records it; the change's number, or null when it changes nothing. */
  const write = (row: ItemRow, edit: Partial<ItemState>, how: { uid?: string; deed: Deed; undoable: boolean }) => {
    const changed = differences(row, edit);
    if (changed === undefined) return null;
    const after: ItemRow = { ...row, ...changed.after, version: row.version + 1, updated_at: now() };
    assertDates(after);
    if (after.removed === 0 && ('depends_on' in changed.after || 'removed' in changed.after))
      assertNoCircle(after, reader.findRow);
    update.run(after);
    return log.append({
      uid: how.uid ?? null,
      itemId: row.id,
      deed: how.deed,
      before: row,
      after,
      changed,
      undoable: how.undoable,
    });
  };

  /** An edit that a client asked for, once for each `changeId`. */
  const edit = (
    params: { itemId: string; version?: number | undefined; changeId?: string | undefined },
    what: (row: ItemRow) => { edit: Partial<ItemState>; deed: Deed },
  ) =>
    commit(() => {
      const known = params.changeId === undefined ? undefined : log.byUid(params.changeId);
      if (known !== undefined) {
        const row = reader.anyRow(params.itemId);
        if (known.itemId === row.id) return { row, change: known.number };
        throw new OspainError('conflict', `The change ${params.changeId} belongs to another item.`);
      }
      const row = reader.row(params.itemId);
      if (params.version !== undefined && params.version !== row.version)
        throw new OspainError('conflict', `Item ${row.number} was changed meanwhile.`, {
          hint: 'Look at it as it is now, then change it again.',
        });
      const { edit, deed } = what(row);
      const uid = params.changeId === undefined ? {} : { uid: params.changeId };
      const change = write(row, edit, { ...uid, deed, undoable: true });
      return { row: reader.anyRow(row.id), change };
    });

  const changed = ({ row, change }: { row: ItemRow; change: number | null }): Result<'item/change'> => ({
    item: reader.item(row),
    change,
    history: log.history(),
  });

  /** Undoes or redoes a change: what it changed must be as that left it. */
  const turn = (change: Change, from: Partial<ItemState>, to: Partial<ItemState>, deed: 'undo' | 'redo') => {
    const row = reader.anyRow(change.itemId);
    const since = STATE_COLUMNS.find((name) => from[name] !== undefined && from[name] !== row[name]);
    if (since !== undefined)
      throw new OspainError(
        'conflict',
        `Item ${row.number} was changed since, so this cannot be ${deed === 'undo' ? 'undone' : 'done again'}.`,
        {
          hint: 'What was done later has to be taken back first, or change the item by hand.',
        },
      );
    const number = write(row, to, { deed, undoable: false });
    log.turn(change.number, deed === 'undo' ? (number ?? log.last()) : null);
    return change.itemId;
  };

  const turned = (run: () => string): Result<'item/undo'> => {
    const row = reader.anyRow(commit(run));
    return { item: row.removed === 1 ? null : reader.item(row), history: log.history() };
  };

  const dependencies = (refs: readonly string[]): string =>
    JSON.stringify([...new Set(refs.map((ref) => reader.row(ref).id))]);

  const doneState = (done: boolean, by: string | null): Pick<ItemState, 'done_at' | 'done_on' | 'done_by'> =>
    done ? { done_at: now(), done_on: today(), done_by: by } : { done_at: null, done_on: null, done_by: null };

  return {
    add: ({ id = randomUUID(), ...params }) =>
      guarded(() => {
        const added = commit(() => {
          const before = log.byUid(id);
          const state: ItemState = {
            ...{ title: params.title, horizon: params.horizon, place: '', estimate: params.estimate },
            ...{ start_on: params.start, due_on: params.due, ...doneState(false, null) },
            ...{ tags: JSON.stringify(params.tags), note_id: params.noteId, box: params.box, removed: 0 },
            ...{ depends_on: JSON.stringify(params.dependsOn), needs_person: params.needsPerson ? 1 : 0 },
          };
          if (before !== undefined) return { row: known(before, state), change: before.number };
          if (reader.findRow(id)) throw new OspainError('conflict', `The id ${id} belongs to another item.`);
          state.depends_on = dependencies(params.dependsOn);
          state.place = places.find(
            params.horizon,
            params.before === undefined ? undefined : reader.row(params.before),
          );
          assertDates(state);
          const at = now();
          insert.run({ ...state, id, created_at: at, updated_at: at });
          const row = reader.row(id);
          assertNoCircle(row, reader.findRow);
          const [none, whole] = [
            { ...row, ...NOT_THERE },
            { before: NOT_THERE, after: state },
          ];
          const change = log.append({
            uid: id,
            itemId: id,
            deed: 'add',
            before: none,
            after: row,
            changed: whole,
            undoable: true,
          });
          return { row, change };
        });
        return changed(added);
      }),
    change: (params) => guarded(() => changed(edit(params, (row) => wanted(row, params)))),
    move: (params) =>
      guarded(() =>
        changed(
          edit(params, (row) => {
            const { horizon, before } = params;
            const target = before === undefined ? undefined : reader.row(before);
            return { edit: { horizon, place: places.find(horizon, target, row) }, deed: 'move' };
          }),
        ),
      ),
    remove: (params) =>
      guarded(() => {
        const { change } = edit(params, () => ({ edit: NOT_THERE, deed: 'remove' }));
        return { change: change ?? 0, history: log.history() };
      }),
    undo: ({ change }) =>
      guarded(() =>
        turned(() => {
          const found = log.toUndo(change);
          return turn(found, found.after, found.before, 'undo');
        }),
      ),
    redo: ({ change }) =>
      guarded(() =>
        turned(() => {
          const found = log.toRedo(change);
          return turn(found, found.before, found.after, 'redo');
        }),
      ),
    list: (params) => guarded(() => ({ ...reader.page(params), history: log.history() })),
    all: () => guarded(() => reader.items(reader.all())),
    rows: () => guarded(() => reader.all()),
    get: (ref) => guarded(() => reader.item(reader.row(ref))),
    settle(itemId, taskId, done) {
      const row = reader.anyRow(itemId);
      const [deed, undoable] = [done ? 'done' : 'reopen', false] as const;
      if (done ? row.done_at === null : row.done_by === taskId) write(row, doneState(done, taskId), { deed, undoable });
    },
    commit,
    scheduled(itemId) {
      const row = reader.anyRow(itemId);
      const nothing = { before: {}, after: {} };
      log.append({ uid: null, itemId, deed: 'schedule', before: row, after: row, changed: nothing, undoable: false });
    },
    tell(itemId) {
      const row = guarded(() => reader.anyRow(itemId));
      if (row.removed === 0) onChange(guarded(() => reader.item(row)));
    },
    poll,
  };

  /** It was added before: the answer is the item as it is now, if the caller asked for the same. */
  function known({ itemId, after }: Change, state: ItemState): ItemRow {
    const row = reader.anyRow(itemId);
    const asked: Partial<ItemState> = { ...state, place: after.place ?? '' };
    if (STATE_COLUMNS.some((name) => after[name] !== asked[name]))
      throw new OspainError('conflict', `The id ${itemId} belongs to an item that was added as another.`);
    if (row.removed === 0) return row;
    throw new OspainError('not_found', `The item ${row.number} was removed.`, { hint: 'Undo brings it back.' });
  }

  function wanted(row: ItemRow, params: ParsedParams<'item/change'>): { edit: Partial<ItemState>; deed: Deed } {
    const { title, estimate, start, due, tags, noteId, box, dependsOn, needsPerson, done } = params;
    const turns = done !== undefined && done !== (row.done_at !== null);
    const all = {
      ...{ title, estimate, start_on: start, due_on: due, note_id: noteId, box },
      tags: tags && JSON.stringify(tags),
      depends_on: dependsOn && dependencies(dependsOn),
      needs_person: needsPerson === undefined ? undefined : needsPerson ? 1 : 0,
      ...(turns ? doneState(done, null) : {}),
    };
    const edit = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return { edit, deed: turns ? (done ? 'done' : 'reopen') : 'change' };
  }
}

function assertDates({ start_on, due_on }: Pick<ItemState, 'start_on' | 'due_on'>): void {
  if (start_on !== null && due_on !== null && due_on < start_on)
    throw new OspainError('invalid_params', `It would be due on ${due_on}, before it starts on ${start_on}.`);
}
