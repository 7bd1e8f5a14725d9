import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb';
import type { WireError } from '../../protocol/errors.ts';
import type { Item } from '../../protocol/items.ts';
import type { MethodName, Result } from '../../protocol/methods.ts';
import type { Note } from '../../protocol/notes.ts';
import type { Task } from '../../protocol/tasks.ts';

/** Something that was written while the server could not be asked, as it will be asked. */
export interface Unsent {
  /** Counts up; they are sent in this order. */
  readonly seq: number;
  readonly method: MethodName;
  readonly params: Readonly<Record<string, unknown>>;
  /** What it is about: of one thing, the second is not sent before the first. */
  readonly about: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Why the server did not take it; a person decides then. Null while it waits. */
  readonly problem: WireError | null;
}

interface Schema extends DBSchema {
  tasks: { key: string; value: Task };
  notes: { key: string; value: Note };
  /** Notes as `note/show` answers them, by the note's id. */
  texts: { key: string; value: Result<'note/show'> };
  items: { key: string; value: Item };
  /** What was answered last to other questions, by method and params. */
  answers: { key: string; value: { result: unknown; at: number } };
  outbox: { key: number; value: Unsent };
  /** `keptAt`: when what is kept was the server's; `expiresAt`: when it has to go. Unix milliseconds. */
  facts: { key: 'keptAt' | 'expiresAt'; value: number };
}

export type OfflineDatabase = IDBPDatabase<Schema>;

/** What the server said; the outbox is the person's own. */
const SNAPSHOT = ['tasks', 'notes', 'texts', 'items', 'answers'] as const;

const nameOf = (workspace: string): string => `ospain2.${workspace}`;

/** What one browser keeps of one workspace. It is not encrypted: it is as safe as the browser's own profile. */
export function openDatabase(workspace: string): Promise<OfflineDatabase> {
  return openDB<Schema>(nameOf(workspace), 1, {
    upgrade(db) {
      for (const store of ['tasks', 'notes', 'items'] as const) db.createObjectStore(store, { keyPath: 'id' });
      for (const store of ['texts', 'answers', 'facts'] as const) db.createObjectStore(store);
      db.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
    },
    // Another page wipes it: this one must not stand in the way.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

export const wipeDatabase = (workspace: string): Promise<void> => deleteDB(nameOf(workspace));

/** Everything that the server said goes; what was not sent yet stays. */
export async function wipeSnapshot(db: OfflineDatabase): Promise<void> {
  const change = db.transaction([...SNAPSHOT, 'facts'] as const, 'readwrite');
  await Promise.all([
    ...SNAPSHOT.map((store) => change.objectStore(store).clear()),
    change.objectStore('facts').delete('keptAt'),
    change.done,
  ]);
}
