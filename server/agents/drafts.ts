import type { ProposalFile, Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { ContentHash, Contents } from './proposals/contents.ts';

/** One edit of a task that has not proposed anything yet. */
export interface Draft extends ProposalFile {
  /** The model turn that made it; counts from 1. */
  turn: number;
}

/**
 * The edits of tasks under way, one row a file that an edit changed, so that a run can go on behind any of its steps with the texts that it
 * saw there. Nobody but the run itself sees them. They go with the end of a task that is done; one that failed or was
 * cancelled may still be retried from a step.
 */
export interface Drafts {
  /** Oldest first. */
  of(task: Task): Draft[];
  /** Inside the caller's transaction. */
  add(task: Task, draft: Draft): void;
  /** Drops what was edited after a turn, 0 for everything; inside the caller's transaction. */
  dropAfter(task: Task, turn: number): void;
}

interface DraftRow extends Omit<Draft, 'before' | 'after'> {
  before: ContentHash;
  after: ContentHash;
}

export function createDrafts({ db, contents }: { db: Db; contents: Contents }): Drafts {
  const { keep, read } = contents;
  const select = db.prepare<[number], DraftRow>(
    `SELECT turn, path, before_hash AS "before", after_hash AS "after" FROM drafts WHERE task_id = ? ORDER BY turn, path`,
  );
  const insert = db.prepare<[number, number, string, ContentHash, ContentHash]>(
    'INSERT INTO drafts (task_id, turn, path, before_hash, after_hash) VALUES (?, ?, ?, ?, ?)',
  );
  const remove = db.prepare<[number, number]>('DELETE FROM drafts WHERE task_id = ? AND turn > ?');
  return {
    of: (task) =>
      guarded(() =>
        select.all(task.number).map((row) => ({ ...row, before: read(row.before), after: read(row.after) })),
      ),
    add: (task, { turn, path, before, after }) => void insert.run(task.number, turn, path, keep(before), keep(after)),
    dropAfter: (task, turn) => void remove.run(task.number, turn),
  };
}
