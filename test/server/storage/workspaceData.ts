import { readdirSync } from 'node:fs';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { createFolders, type DataFolder, dataFolder } from '../../../server/storage/dataFolder.ts';
import { tempFolder } from '../../support/temp.ts';

export const KEY = '0123456789abcdef'.repeat(6);
export const OTHER_KEY = 'fedcba9876543210'.repeat(6);

/** The data folder of a workspace, and a folder for everything else; `using` removes both. */
export interface WorkspaceData extends Disposable {
  location: DataFolder;
  /** Not the data folder. */
  elsewhere: string;
  /** Names in the data folder that a restore may leave: not of locks. */
  names(): string[];
}

export function workspaceData(): WorkspaceData {
  const [data, other] = [tempFolder('data'), tempFolder('elsewhere')];
  const location = dataFolder(other.path, { OSPAIN2_DATA_DIR: data.path, XDG_RUNTIME_DIR: data.path });
  createFolders(location);
  return {
    location,
    elsewhere: other.path,
    names: () =>
      readdirSync(location.folder)
        .filter((name) => !name.endsWith('.lock'))
        .sort(),
    [Symbol.dispose]() {
      data[Symbol.dispose]();
      other[Symbol.dispose]();
    },
  };
}

/** Adds tasks with these texts, as the queue would. */
export function addTasks(db: Db, ...texts: string[]): void {
  const insert = db.prepare(
    `INSERT INTO tasks (uid, kind, model, status, payload, created_at, updated_at)
     VALUES (hex(randomblob(8)), 'ask', 'default', 'pending', ?, 0, 0)`,
  );
  for (const text of texts) insert.run(JSON.stringify({ instruction: text }));
}

export const textsOf = (db: Db): string[] =>
  db
    .prepare<[], { text: string }>(`SELECT payload ->> 'instruction' AS text FROM tasks ORDER BY id`)
    .all()
    .map(({ text }) => text);

/** What the database in a file holds; it must be whole. */
export async function textsIn(file: string, key = KEY): Promise<string[]> {
  const db = await openDatabase({ file, key });
  try {
    if (db.pragma('integrity_check', { simple: true }) !== 'ok') throw new Error(`${file} is damaged`);
    return textsOf(db);
  } finally {
    db.close();
  }
}

/** A closed database with tasks of these texts. */
export async function writeDatabase(file: string, texts: readonly string[], key = KEY): Promise<void> {
  const db = await openDatabase({ file, key, synchronous: 'NORMAL' });
  addTasks(db, ...texts);
  db.close();
}
