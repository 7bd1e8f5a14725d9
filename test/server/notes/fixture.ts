import { join } from 'node:path';
import { methods, type Note, type NotificationParams, OspainError } from '../../../protocol/index.ts';
import { createNotes, type Notes } from '../../../server/notes/notes.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { tempFolder } from '../../support/temp.ts';

const KEY = '0123456789abcdef'.repeat(6);
/** A Monday, at noon UTC. */
export const START = Date.UTC(2026, 0, 5, 12);

/** Notes of one server on a connection of its own, and what its clients were told. */
export interface Server {
  db: Db;
  notes: Notes;
  told: Array<Note | NotificationParams<'note/didRemove'>>;
  /** Saves a note whatever was there. */
  put(path: string, text: string): Note;
  list(params?: object): string[];
  hits(text: string): string[];
}

export interface Workspace extends Disposable {
  time: { now: number };
  server(): Promise<Server>;
}

export function openWorkspace(): Workspace {
  const temp = tempFolder('notes');
  const time = { now: START };
  const open: Db[] = [];
  return {
    time,
    async server() {
      const db = await openDatabase({ file: join(temp.path, 'ospain2.db'), key: KEY, synchronous: 'NORMAL' });
      open.push(db);
      const told: Server['told'] = [];
      const tell = (one: Server['told'][number]) => void told.push(one);
      const notes = createNotes({ db, now: () => time.now, onChange: tell, onRemove: tell });
      return {
        ...{ db, notes, told },
        put: (path, text) => notes.save({ path, text, base: versionOf(notes, path) }),
        list: (params = {}) => notes.list(methods['note/list'].params.parse(params)).notes.map(({ path }) => path),
        hits: (text) => notes.search(methods['note/search'].params.parse({ text })).hits.map(({ note }) => note.path),
      };
    },
    [Symbol.dispose]() {
      for (const db of open) db.close();
      temp[Symbol.dispose]();
    },
  };
}

function versionOf(notes: Notes, path: string): number | null {
  try {
    return notes.show(path).note.version;
  } catch {
    return null;
  }
}

export const hasCode = (code: string) => (thrown: unknown) => thrown instanceof OspainError && thrown.code === code;
