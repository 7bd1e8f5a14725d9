import type { Item } from '../../protocol/items.ts';
import type { MethodName, Result } from '../../protocol/methods.ts';
import type { Note } from '../../protocol/notes.ts';
import type { Task } from '../../protocol/tasks.ts';
import { type OfflineDatabase, wipeSnapshot } from './database.ts';

/** What the server said last of tasks, notes and the plan. */
export interface Snapshot {
  tasks(): Promise<Task[]>;
  notes(): Promise<Note[]>;
  items(): Promise<Item[]>;
  text(noteId: string): Promise<Result<'note/show'> | undefined>;
  answer(method: MethodName, params: unknown): Promise<unknown>;
  putTasks(tasks: readonly Task[]): Promise<void>;
  putItems(items: readonly Item[]): Promise<void>;
  putNotes(notes: readonly Note[]): Promise<void>;
  putText(shown: Result<'note/show'>): Promise<void>;
  putAnswer(method: MethodName, params: unknown, result: unknown): Promise<void>;
  /** Keeps of a kind only these ids. */
  keepOnly(kind: 'tasks' | 'notes' | 'items', ids: ReadonlySet<string>): Promise<void>;
  remove(kind: 'notes' | 'items', id: string): Promise<void>;
  /** When all of it was the server's, in Unix milliseconds; undefined before the first time. */
  keptAt(): Promise<number | undefined>;
  setKeptAt(at: number): Promise<void>;
  wipe(): Promise<void>;
}

/** Answers that are kept; past them the oldest go. */
const ANSWERS = 200;
/** Characters of an answer that is kept. */
const ANSWER = 300_000;

export function createSnapshot(db: OfflineDatabase, now: () => number): Snapshot {
  const putAll = async <T>(kind: 'tasks' | 'notes' | 'items', values: readonly T[]) => {
    const { store, done } = db.transaction(kind, 'readwrite');
    await Promise.all([...values.map((value) => store.put(value as Task & Note & Item)), done]);
  };
  const remove = async (kind: 'tasks' | 'notes' | 'items', id: string) => {
    await db.delete(kind, id);
    if (kind === 'notes') await db.delete('texts', id);
  };
  const prune = async () => {
    const keys = await db.getAllKeys('answers');
    if (keys.length <= ANSWERS) return;
    const ages = await Promise.all(keys.map(async (key) => ({ key, at: (await db.get('answers', key))?.at ?? 0 })));
    const old = ages.sort((one, other) => one.at - other.at).slice(0, keys.length - ANSWERS);
    for (const { key } of old) await db.delete('answers', key);
  };

  return {
    tasks: () => db.getAll('tasks'),
    notes: () => db.getAll('notes'),
    items: () => db.getAll('items'),
    text: (noteId) => db.get('texts', noteId),
    answer: async (method, params) => (await db.get('answers', keyOf(method, params)))?.result,
    putTasks: (tasks) => putAll('tasks', tasks),
    putItems: (items) => putAll('items', items),
    putNotes: (notes) => putAll('notes', notes),
    async putText(shown) {
      await db.put('notes', shown.note);
      await db.put('texts', shown, shown.note.id);
    },
    async putAnswer(method, params, result) {
      if (JSON.stringify(result).length > ANSWER) return;
      await db.put('answers', { result, at: now() }, keyOf(method, params));
      await prune();
    },
    async keepOnly(kind, ids) {
      for (const id of await db.getAllKeys(kind)) if (!ids.has(id)) await remove(kind, id);
    },
    remove,
    keptAt: () => db.get('facts', 'keptAt'),
    setKeptAt: async (at) => void (await db.put('facts', at, 'keptAt')),
    wipe: () => wipeSnapshot(db),
  };
}

/** The same question has the same key, in whatever order its fields stand. */
const keyOf = (method: MethodName, params: unknown): string =>
  `${method} ${JSON.stringify(Object.entries(params ?? {}).sort(([one], [other]) => (one < other ? -1 : 1)))}`;
