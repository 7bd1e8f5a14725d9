import { dayAt } from '../../protocol/days.ts';
import { OspainError } from '../../protocol/errors.ts';
import type { Horizon, Item } from '../../protocol/items.ts';
import type { Notification, ParsedParams, Result } from '../../protocol/methods.ts';
import { type Note, NoteConflict } from '../../protocol/notes.ts';
import { placeBetween } from '../../protocol/places.ts';
import type { Task } from '../../protocol/tasks.ts';
import { t } from '../../protocol/words.ts';
import { byPlace } from './answers.ts';
import type { Unsent } from './database.ts';
import type { Snapshot } from './snapshot.ts';

/** What a write looks like until the server has taken it: shown, and kept beside what the server said. */
export interface Guess<R> {
  readonly result: R;
  readonly notification: Notification;
}

export interface Written<P, R> {
  /** With the ids by which the server knows that it was told before. */
  withIds(params: P, newId: () => string): P;
  /** What it is about. */
  about(params: P): string;
  guess(snapshot: Snapshot, params: P, now: number): Promise<Guess<R>>;
  /** The params of one that is still unsent, and this one with it: the two are sent as one. Undefined where both are sent. */
  merge?(unsent: P, next: P): P | undefined;
}

type WriteName = 'task/submit' | 'note/save' | 'item/add' | 'item/change' | 'item/move';
type Writes = { [M in WriteName]: Written<ParsedParams<M>, Result<M>> };

export const writes: Writes = {
  'task/submit': {
    withIds: ({ id, ...params }, newId) => ({ ...params, id: id ?? newId() }),
    about: ({ id }) => `task ${id}`,
    async guess(snapshot, { id = '', context = null, parentId = null, continues = null, ...asked }, now) {
      const tasks = await snapshot.tasks();
      const known = tasks.find((task) => task.id === id);
      const task: Task = known ?? {
        ...{ ...asked, id, context, parentId, continues, number: nextNumber(tasks), status: 'pending' },
        ...{ attempts: 0, dead: false, waits: 'waits for the server, in this browser', progress: null, result: null },
        ...{ error: null, proposal: null, approval: null, children: { total: 0, ended: 0 } },
        ...{ lastSeq: 0, createdAt: now, updatedAt: now },
      };
      await snapshot.putTasks([task]);
      return { result: { task }, notification: { method: 'task/didChange', params: { task } } };
    },
  },

  'note/save': {
    withIds: ({ id, ...params }, newId) => (params.base === null ? { ...params, id: id ?? newId() } : params),
    about: ({ path }) => `note ${path}`,
    // The server's version grows by one with what is sent, however often it was written here.
    merge: (unsent, { text }) => ({ ...unsent, text }),
    async guess(snapshot, { path, text, base, id }, now) {
      const before = (await snapshot.notes()).find((note) => note.path === path);
      // Where another note stands under the path already, the server would say so too.
      if (before !== undefined && base === null) throw await conflictWith(snapshot, before);
      const note: Note = {
        ...(before ?? { id: id ?? '', path, tags: [], createdAt: now }),
        ...{ title: titleOf(path, text), version: (base ?? 0) + 1, size: new TextEncoder().encode(text).length },
        ...{ boxes: boxesIn(text), updatedAt: now },
      };
      const shown = (await snapshot.text(note.id)) ?? { tags: [], aliases: [], links: [], backlinks: [], boxes: [] };
      await snapshot.putText({ ...shown, note, text });
      return { result: { note }, notification: { method: 'note/didChange', params: { note } } };
    },
  },

  'item/add': {
    withIds: ({ id, ...params }, newId) => ({ ...params, id: id ?? newId() }),
    about: ({ id }) => `item ${id}`,
    async guess(snapshot, { id = '', before, ...asked }, now) {
      const items = await snapshot.items();
      const item: Item = items.find((each) => each.id === id) ?? {
        ...{
          ...asked,
          id,
          number: nextNumber(items),
          place: placeIn(items, asked.horizon, before),
          doneAt: null,
          doneOn: null,
          doneBy: null,
        },
        ...{ tasks: [], scheduleId: null, version: 1, createdAt: now, updatedAt: now },
      };
      return changed(snapshot, item);
    },
  },

  'item/change': {
    withIds: ({ changeId, ...params }, newId) => ({ ...params, changeId: changeId ?? newId() }),
    about: ({ itemId }) => `item ${itemId}`,
    async guess(snapshot, { itemId, version: _version, changeId: _changeId, done, ...change }, now) {
      const item = await itemOf(snapshot, itemId);
      const kept = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const end = { doneAt: done === true ? now : null, doneOn: done === true ? dayAt(now) : null, doneBy: null };
      return changed(snapshot, { ...item, ...kept, ...(done !== undefined && end), ...later(item, now) });
    },
  },

  'item/move': {
    withIds: ({ changeId, ...params }, newId) => ({ ...params, changeId: changeId ?? newId() }),
    about: ({ itemId }) => `item ${itemId}`,
    async guess(snapshot, { itemId, horizon, before }, now) {
      const item = await itemOf(snapshot, itemId);
      const others = (await snapshot.items()).filter(({ id }) => id !== item.id);
      return changed(snapshot, { ...item, horizon, place: placeIn(others, horizon, before), ...later(item, now) });
    },
  },
};

const later = ({ version }: Item, now: number) => ({ version: version + 1, updatedAt: now });

async function itemOf(snapshot: Snapshot, ref: string): Promise<Item> {
  const item = (await snapshot.items()).find(({ id, number }) => id === ref || String(number) === ref);
  if (item !== undefined) return item;
  throw new OspainError('unavailable', t('This browser has not kept this item.'), {
    hint: t('It can be changed when the server is back.'),
  });
}

async function changed(snapshot: Snapshot, item: Item): Promise<Guess<Result<'item/add'>>> {
  await snapshot.putItems([item]);
  const result = { item, change: null, history: { undo: null, redo: null } };
  return { result, notification: { method: 'item/didChange', params: { item } } };
}

/** The server gives its own; until then it stands where it will stand. */
const nextNumber = (known: readonly { number: number }[]): number =>
  known.reduce((most, { number }) => Math.max(most, number), 0) + 1;

/** Directly before another item of a horizon, or at its end. */
function placeIn(items: readonly Item[], horizon: Horizon, before: string | undefined): string {
  const there = items.filter((item) => item.horizon === horizon).sort(byPlace);
  const found = there.findIndex(({ id }) => id === before);
  const at = found < 0 ? there.length : found;
  const [low, high] = [there[at - 1]?.place ?? null, there[at]?.place ?? null];
  // Two may have one place, after an undo: then the server says where it goes.
  return low !== null && high !== null && low >= high ? high : placeBetween(low, high);
}

async function conflictWith(snapshot: Snapshot, { id, path, version }: Note): Promise<OspainError> {
  const text = (await snapshot.text(id))?.text ?? null;
  return new OspainError('conflict', t('There is a note {0} already.', path), {
    hint: t('Choose another name.'),
    details: NoteConflict.parse({ path, version, text }),
  });
}

const titleOf = (path: string, text: string): string =>
  /^# +(.+)$/m.exec(text)?.[1]?.trim() ?? path.replace(/^.*\//, '').replace(/\.md$/, '');

function boxesIn(text: string): Note['boxes'] {
  const boxes = [...text.matchAll(/^\s*[-*+] \[([ xX])\] /gm)];
  return { total: boxes.length, done: boxes.filter(([, mark]) => mark !== ' ').length };
}

/** A write that is one of these, with its params read; undefined for others. */
export const writeOf = (method: string): Written<unknown, unknown> | undefined =>
  Object.hasOwn(writes, method) ? (writes[method as WriteName] as unknown as Written<unknown, unknown>) : undefined;

/** A new note of the same text beside the one that another wrote. */
export function asCopy({ params }: Unsent, newId: () => string, suffix: string): Unsent['params'] {
  const path = String(params['path']).replace(/(\.md)?$/, ` ${suffix}.md`);
  return { ...params, path, base: null, id: newId() };
}
