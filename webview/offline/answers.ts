import { dayAt } from '../../protocol/days.ts';
import { OspainError } from '../../protocol/errors.ts';
import { type Horizon, Horizon as horizons, type Item } from '../../protocol/items.ts';
import type { ParsedParams, Result } from '../../protocol/methods.ts';
import { t } from '../../protocol/words.ts';
import type { Snapshot } from './snapshot.ts';

/** What the server would answer, from what is kept: one function a method. */
type Answers = {
  [M in
    | 'task/list'
    | 'task/show'
    | 'item/list'
    | 'item/show'
    | 'note/list'
    | 'note/show'
    | 'note/folders'
    | 'note/daily']: (snapshot: Snapshot, params: ParsedParams<M>) => Promise<Result<M>>;
};

export const answers: Answers = {
  async 'task/list'(snapshot, { status, parentId, dead, before, limit }) {
    const all = (await snapshot.tasks()).filter(
      (task) =>
        (status === undefined || status.includes(task.status)) &&
        (parentId === undefined || task.parentId === parentId) &&
        (dead === undefined || task.dead === dead),
    );
    const page = all
      .filter(({ number }) => before === undefined || number < before)
      .sort((one, other) => other.number - one.number);
    return { tasks: page.slice(0, limit), total: all.length };
  },

  async 'task/show'(snapshot, { taskId }) {
    const task = (await snapshot.tasks()).find(({ id, number }) => id === taskId || String(number) === taskId);
    return { task: task ?? notKept() };
  },

  async 'item/list'(snapshot, { horizon, done, tag, noteId, text, after, limit }) {
    const wanted = text?.toLowerCase() ?? '';
    const all = (await snapshot.items())
      .filter(
        (item) =>
          (horizon === undefined || horizon.includes(item.horizon)) &&
          (done === undefined || (item.doneAt !== null) === done) &&
          (tag === undefined || item.tags.includes(tag)) &&
          (noteId === undefined || item.noteId === noteId) &&
          item.title.toLowerCase().includes(wanted),
      )
      .sort(byPlace);
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
    return { items: all.slice(from, from + limit), total: all.length, history: { undo: null, redo: null } };
  },

  async 'item/show'(snapshot, { itemId }) {
    const item = (await snapshot.items()).find(({ id, number }) => id === itemId || String(number) === itemId);
    return { item: item ?? notKept() };
  },

  async 'note/list'(snapshot, { folder, tag, order, after, limit }) {
    const all = (await snapshot.notes())
      .filter(
        (note) => isBelow(note.path, folder) && (tag === undefined || note.tags.some((each) => isBelow(each, tag))),
      )
      .sort((one, other) => (order === 'updated' ? other.updatedAt - one.updatedAt : compare(one.path, other.path)));
    const from = after === undefined ? 0 : placeOf(after);
    const next = from + limit < all.length ? `${CURSOR}${from + limit}` : null;
    return { notes: all.slice(from, from + limit), total: all.length, next };
  },

  async 'note/show'(snapshot, { note: ref }) {
    const found = (await snapshot.notes()).find(({ id, path }) => id === ref || path === ref);
    return (found && (await snapshot.text(found.id))) ?? notKept();
  },

  /** One that is there; a new one is made by the server. */
  async 'note/daily'(snapshot, { date = dayAt(Date.now()) }) {
    const note = (await snapshot.notes()).find(({ path }) => path === `daily/${date}.md`);
    return { note: note ?? notKept(), made: false };
  },

  async 'note/folders'(snapshot) {
    const folders = new Map<string, number>();
    for (const { path } of await snapshot.notes()) {
      const parts = path.split('/').slice(0, -1);
      for (let depth = 1; depth <= parts.length; depth++) {
        const folder = parts.slice(0, depth).join('/');
        folders.set(folder, (folders.get(folder) ?? 0) + (depth === parts.length ? 1 : 0));
      }
    }
    const all = [...folders].map(([path, notes]) => ({ path, notes }));
    return { folders: all.sort((one, other) => compare(one.path, other.path)) };
  },
};

const notKept = (): never => {
  throw new OspainError('unavailable', t('This browser has not kept this.'), {
    hint: t('It is there again when the server is back.'),
  });
};

const isBelow = (path: string, above: string | undefined): boolean =>
  above === undefined || path === above || path.startsWith(`${above}/`);

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const orderOf = (horizon: Horizon): number => horizons.options.indexOf(horizon);

export const byPlace = (one: Item, other: Item): number =>
  orderOf(one.horizon) - orderOf(other.horizon) || compare(one.place, other.place) || one.number - other.number;

/** Before the place in a list that was made here: the server's own cursors mean something else. */
const CURSOR = 'kept:';
const placeOf = (cursor: string): number =>
  cursor.startsWith(CURSOR) ? Number(cursor.slice(CURSOR.length)) : notKept();
