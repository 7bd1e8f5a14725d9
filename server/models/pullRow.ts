import type { ParsedParams, Pull } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';

/** What was asked for, without what only the moment knows. */
export type Asked = Pick<ParsedParams<'pull/start'>, 'source' | 'name' | 'version' | 'alias' | 'licence'>;

type Progress = Pick<Pull, 'state' | 'received' | 'total' | 'bytesPerSecond' | 'error' | 'model' | 'updatedAt'>;

export interface PullRow {
  id: string;
  asked: Asked;
  progress: Progress;
  createdAt: number;
}

/** The table of pulls: each statement is inside whatever transaction is open. */
export interface PullRows {
  /** Newest first. */
  all(): PullRow[];
  find(id: string): PullRow | undefined;
  add(row: PullRow): void;
  set(id: string, progress: Progress): void;
  ask(id: string, asked: Asked): void;
  remove(id: string): void;
}

interface Stored {
  id: string;
  asked: string;
  progress: string;
  created_at: number;
}

export function createPullRows(db: Db): PullRows {
  const all = db.prepare<[], Stored>('SELECT * FROM pulls ORDER BY created_at DESC, rowid DESC');
  const find = db.prepare<[string], Stored>('SELECT * FROM pulls WHERE id = ?');
  const add = db.prepare('INSERT INTO pulls (id, asked, progress, created_at) VALUES (?, ?, ?, ?)');
  const set = db.prepare('UPDATE pulls SET progress = ? WHERE id = ?');
  const ask = db.prepare('UPDATE pulls SET asked = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM pulls WHERE id = ?');
  return {
    all: () => all.all().map(toRow),
    find: (id) => {
      const row = find.get(id);
      return row && toRow(row);
    },
    add: ({ id, asked, progress, createdAt }) =>
      void add.run(id, JSON.stringify(asked), JSON.stringify(progress), createdAt),
    set: (id, progress) => void set.run(JSON.stringify(progress), id),
    ask: (id, asked) => void ask.run(JSON.stringify(asked), id),
    remove: (id) => void remove.run(id),
  };
}

export const toPull = ({ id, asked, progress, createdAt }: PullRow): Pull => {
  const { source, name = null, version, alias = null } = asked;
  return { id, source, name, version, alias, ...progress, createdAt };
};

/** The table holds what the types say. */
const toRow = ({ id, asked, progress, created_at }: Stored): PullRow => ({
  id,
  asked: JSON.parse(asked) as Asked,
  progress: JSON.parse(progress) as Progress,
  createdAt: created_at,
});
