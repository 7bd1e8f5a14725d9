import type { ProposalFile, ProposalStatus } from '../../../protocol/index.ts';
import type { Db } from '../../storage/database.ts';
import type { ContentHash, Contents } from './contents.ts';

export type Status = ProposalStatus | 'accepting' | 'undoing';

export interface ProposalRow {
  task_id: number;
  status: Status;
  /** What it was before accepting or undoing was begun. */
  was: 'open' | 'accepted' | 'undone' | null;
  created_at: number;
  updated_at: number;
}

/** One file of a proposal; null is no file. */
export interface FileState {
  path: string;
  /** As the task found it. */
  base: string | null;
  /** With what was accepted. */
  before: string | null;
  /** With what is left to decide. */
  after: string | null;
}

/** One file on its way from one text to another, and what is left to decide on it when it is there. */
export interface FileMove {
  path: string;
  from: string | null;
  to: string | null;
  /** Permissions of a file that comes (back); null for those of a new one. */
  mode: number | null;
  next: Omit<FileState, 'path'>;
}

/** What accepting made of one file. */
export interface WrittenEdit {
  /** Grows with every edit that is written. */
  number: number;
  task: number;
  path: string;
  before: string | null;
  after: string | null;
  /** Permissions of a file that it deleted. */
  mode: number | null;
}

/** Proposals as they are kept, by the number of their task. All of it inside the caller's transaction. */
export interface ProposalStore {
  find(task: number): ProposalRow | undefined;
  /** Numbers of the tasks whose proposals are accepting or undoing, in the order in which it was begun. */
  begun(): number[];
  /** In the place of what is there. */
  put(task: number, files: readonly ProposalFile[], at: number): void;
  files(task: number): FileState[];
  /** Writes a file's state; one of which nothing is left and nothing accepted goes. */
  setFile(task: number, file: FileState): void;
  begin(task: number, status: 'accepting' | 'undoing', moves: readonly FileMove[], at: number): void;
  moves(task: number): FileMove[];
  /** What came of what was begun, or of a decision that writes no files; forgets the moves. */
  end(task: number, status: ProposalStatus, at: number): void;
  addWritten(edit: Omit<WrittenEdit, 'number'>): void;
  writtenPaths(task: number): string[];
  /** What was written of a file from the first edit of a task on, by whomever, oldest first. */
  writtenSince(task: number, path: string): WrittenEdit[];
  rewrite(edit: WrittenEdit): void;
  forgetWritten(task: number): void;
}

interface MoveRow {
  path: string;
  from_hash: ContentHash;
  to_hash: ContentHash;
  mode: number | null;
  next_base_hash: ContentHash;
  next_before_hash: ContentHash;
  next_after_hash: ContentHash;
}

type Hashed<T> = Omit<T, 'before' | 'after'> & { before: ContentHash; after: ContentHash };

export function createProposalStore({ db, contents }: { db: Db; contents: Contents }): ProposalStore {
  const { keep, read } = contents;
  const select = db.prepare<[number], ProposalRow>('SELECT * FROM proposals WHERE task_id = ?');
  const begun = db
    .prepare<[], number>('SELECT task_id FROM proposals WHERE was IS NOT NULL ORDER BY updated_at, task_id')
    .pluck();
  const remove = db.prepare<[number]>('DELETE FROM proposals WHERE task_id = ?');
  const insert = db.prepare<[number, number, number]>(
    `INSERT INTO proposals (task_id, status, created_at, updated_at) VALUES (?, 'open', ?, ?)`,
  );
  const setStatus = db.prepare<[Status, ProposalRow['was'], number, number]>(
    'UPDATE proposals SET status = ?, was = ?, updated_at = ? WHERE task_id = ?',
  );
  const selectFiles = db.prepare<[number], Hashed<FileState> & { base: ContentHash }>(
    `SELECT path, base_hash AS base, before_hash AS "before", after_hash AS "after"
     FROM proposal_files WHERE task_id = ? ORDER BY path`,
  );
  const putFile = db.prepare<[number, string, ContentHash, ContentHash, ContentHash]>(
    'INSERT OR REPLACE INTO proposal_files (task_id, path, base_hash, before_hash, after_hash) VALUES (?, ?, ?, ?, ?)',
  );
  const removeFile = db.prepare<[number, string]>('DELETE FROM proposal_files WHERE task_id = ? AND path = ?');
  const selectMoves = db.prepare<[number], MoveRow>('SELECT * FROM file_moves WHERE task_id = ? ORDER BY path');
  const insertMove = db.prepare<[MoveRow & { task: number }]>(
    `INSERT INTO file_moves VALUES
     (@task, @path, @from_hash, @to_hash, @mode, @next_base_hash, @next_before_hash, @next_after_hash)`,
  );
  const removeMoves = db.prepare<[number]>('DELETE FROM file_moves WHERE task_id = ?');
  const insertWritten = db.prepare<[number, string, ContentHash, ContentHash, number | null]>(
    'INSERT INTO written_edits (task_id, path, before_hash, after_hash, mode) VALUES (?, ?, ?, ?, ?)',
  );
  const writtenPaths = db
    .prepare<[number], string>('SELECT DISTINCT path FROM written_edits WHERE task_id = ? ORDER BY path')
    .pluck();
  const since = db.prepare<[{ task: number; path: string }], Hashed<WrittenEdit>>(
    `SELECT number, task_id AS task, path, before_hash AS "before", after_hash AS "after", mode FROM written_edits
     WHERE path = @path AND number >= (SELECT min(number) FROM written_edits WHERE path = @path AND task_id = @task)
     ORDER BY number`,
  );
  const rewrite = db.prepare<[ContentHash, ContentHash, number | null, number]>(
    'UPDATE written_edits SET before_hash = ?, after_hash = ?, mode = ? WHERE number = ?',
  );
  const forget = db.prepare<[number]>('DELETE FROM written_edits WHERE task_id = ?');

  const setFile = (task: number, { path, base, before, after }: FileState): void => {
    if (base === before && before === after) removeFile.run(task, path);
    else putFile.run(task, path, keep(base), keep(before), keep(after));
  };

  return {
    find: (task) => select.get(task),
    begun: () => begun.all(),
    put(task, files, at) {
      remove.run(task);
      insert.run(task, at, at);
      for (const { path, before, after } of files) setFile(task, { path, base: before, before, after });
    },
    files: (task) =>
      selectFiles
        .all(task)
        .map(({ path, base, before, after }) => ({ path, base: read(base), before: read(before), after: read(after) })),
    setFile,
    begin(task, status, moves, at) {
      const was = select.get(task)?.status;
      if (was === 'open' || was === 'accepted' || was === 'undone') setStatus.run(status, was, at, task);
      for (const { path, from, to, mode, next } of moves)
        insertMove.run({
          ...{ task, path, from_hash: keep(from), to_hash: keep(to), mode, next_base_hash: keep(next.base) },
          ...{ next_before_hash: keep(next.before), next_after_hash: keep(next.after) },
        });
    },
    moves: (task) =>
      selectMoves.all(task).map((row) => ({
        path: row.path,
        from: read(row.from_hash),
        to: read(row.to_hash),
        mode: row.mode,
        next: { base: read(row.next_base_hash), before: read(row.next_before_hash), after: read(row.next_after_hash) },
      })),
    end(task, status, at) {
      removeMoves.run(task);
      setStatus.run(status, null, at, task);
    },
    addWritten: ({ task, path, before, after, mode }) =>
      void insertWritten.run(task, path, keep(before), keep(after), mode),
    writtenPaths: (task) => writtenPaths.all(task),
    writtenSince: (task, path) =>
      since.all({ task, path }).map((row) => ({ ...row, before: read(row.before), after: read(row.after) })),
    rewrite: ({ number, before, after, mode }) => void rewrite.run(keep(before), keep(after), mode, number),
    forgetWritten: (task) => void forget.run(task),
  };
}
