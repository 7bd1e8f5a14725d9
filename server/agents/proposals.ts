import { OspainError, type Proposal, type ProposalFile, type ProposalStatus, type Task } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import { countChanges } from './changes.ts';
import { type Move, moveAll, type Standing, standingOf, sweep } from './disk.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { findMoves } from './movedFiles.ts';
import { shown } from './workspacePaths.ts';

/** `ref` is a task's id, or its number in decimal; `not_found` when it has no proposal, `wrong_state` when it is past that. */
export interface Proposals {
  /** What tasks under way will propose. */
  readonly drafts: Drafts;
  /**
   * Keeps a task's edits, in place of an earlier attempt's; inside the caller's transaction. With `accept` it is accepted
   * as soon as `settle` is called or a server starts, if the files are as the task saw them.
   */
  put(task: Task, files: readonly ProposalFile[], options?: { accept?: boolean }): void;
  /** The edits of a task; undefined when it made none. */
  find(ref: string): Proposal | undefined;
  show(ref: string): Proposal;
  /** Writes the edits to disk, all or none; `conflict` names the files that are not as the task saw them. */
  accept(ref: string): Proposal;
  reject(ref: string): Proposal;
  /** Takes an accepted proposal back; `conflict` names the files that were changed since. */
  undo(ref: string): Proposal;
  /** Finishes what was begun on a task's proposal; nothing when nothing was. */
  settle(ref: string): void;
  /** The same for every proposal: what a server that died left half done. One that cannot be finished stays as it is. */
  recover(): void;
}

interface ProposalsDeps {
  db: Db;
  queue: Pick<Queue, 'get' | 'append' | 'transact'>;
  /** Real path of the workspace. */
  root: string;
  now: () => number;
}

type Status = ProposalStatus | 'accepting' | 'undoing';
interface Row {
  task_id: number;
  status: Status;
  created_at: number;
  updated_at: number;
}

/*
 * The order that survives a crash at any moment. One transaction checks the files and writes `accepting` (or `undoing`);
 * a second one holds the database's write lock while the files are written and renamed, and ends with `accepted` and the
 * event. Whoever finds `accepting` later knows that each file is either before or after, and finishes. The write lock
 * makes it one at a time, over all servers of the workspace; files are few and small, so it is held for milliseconds.
 */
export function createProposals({ db, queue, root, now }: ProposalsDeps): Proposals {
  const select = db.prepare<[number], Row>('SELECT * FROM proposals WHERE task_id = ?');
  const selectFiles = db.prepare<[number], ProposalFile>(
    'SELECT path, before_text AS "before", after_text AS "after" FROM proposal_files WHERE task_id = ? ORDER BY path',
  );
  const remove = db.prepare<[number]>('DELETE FROM proposals WHERE task_id = ?');
  const insert = db.prepare<[number, Status, number, number]>(
    'INSERT INTO proposals (task_id, status, created_at, updated_at) VALUES (?, ?, ?, ?)',
  );
  const insertFile = db.prepare<[number, string, string | null, string | null]>(
    'INSERT INTO proposal_files (task_id, path, before_text, after_text) VALUES (?, ?, ?, ?)',
  );
  const setStatus = db.prepare<[Status, number, number]>(
    'UPDATE proposals SET status = ?, updated_at = ? WHERE task_id = ?',
  );
  const begun = db.prepare<[], { task_id: number }>(
    `SELECT task_id FROM proposals WHERE status IN ('accepting', 'undoing') ORDER BY updated_at, task_id`,
  );

  const find = (ref: string): Proposal | undefined =>
    guarded(() => {
      const task = queue.get(ref);
      const row = select.get(task.number);
      if (!row) return undefined;
      const { status, created_at: createdAt, updated_at: updatedAt } = row;
      const files = selectFiles.all(row.task_id);
      return { taskId: task.id, status: shownStatus(status), files, moves: findMoves(files), createdAt, updatedAt };
    });

  const show = (ref: string): Proposal => {
    const proposal = find(ref);
    if (proposal) return proposal;
    throw new OspainError('not_found', `Task ${shown(ref)} has proposed no edits.`);
  };

  const rowOf = (ref: string, wanted: Status, verb: string): Row => {
    show(ref);
    const row = select.get(queue.get(ref).number);
    if (row?.status === wanted) return row;
    const status = row ? shownStatus(row.status) : 'gone';
    throw new OspainError('wrong_state', `Only ${wanted} edits can be ${verb}; these are ${status}.`);
  };

  const movesOf = (number: number, status: Status): Move[] =>
    selectFiles
      .all(number)
      .map(({ path, before, after }) =>
        status === 'undoing' || status === 'accepted'
          ? { path, from: after, to: before }
          : { path, from: before, to: after },
      );

  const begin = (ref: string, from: 'open' | 'accepted', to: 'accepting' | 'undoing', verb: string): number =>
    queue.transact(() => {
      const row = rowOf(ref, from, verb);
      const changed = movesOf(row.task_id, from).filter((move) => standingOf(root, move) !== 'from');
      if (changed.length > 0) throw conflict(changed);
      setStatus.run(to, now(), row.task_id);
      return row.task_id;
    });

  const end = (number: number, status: ProposalStatus): void => {
    setStatus.run(status, now(), number);
    queue.append(String(number), 'proposal', { status, files: selectFiles.all(number).map(countChanges) });
  };

  /** Writes what was begun; nothing when nothing was, or another server was faster. */
  const carryOut = (number: number): void => {
    const failure = queue.transact(() => {
      const status = select.get(number)?.status;
      if (status !== 'accepting' && status !== 'undoing') return undefined;
      const moves = movesOf(number, status);
      const standing = (wanted: Standing) => moves.filter((move) => standingOf(root, move) === wanted);
      const foreign = standing('neither');
      const name = `task${number}`;
      sweep(root, moves, name);
      try {
        // Where somebody wrote a file after a crash, theirs stays and ours go back, so that it is none of them.
        moveAll(root, foreign.length === 0 ? standing('from') : standing('to').map(reversed), name);
      } catch (thrown) {
        // Half done it stays begun, to be finished when the disk can be written again.
        if (standing('from').length < moves.length) throw thrown;
        setStatus.run(status === 'accepting' ? 'open' : 'accepted', now(), number);
        return OspainError.from(thrown);
      }
      if (foreign.length === 0) {
        end(number, status === 'accepting' ? 'accepted' : 'undone');
        return undefined;
      }
      setStatus.run(status === 'accepting' ? 'open' : 'accepted', now(), number);
      return conflict(foreign);
    });
    if (failure) throw failure;
  };

  const recover = (): void => {
    for (const { task_id: number } of guarded(() => begun.all())) {
      try {
        carryOut(number);
      } catch {
        // It is for the person to see and to decide: the proposal is shown, and accepting it again says what is wrong.
      }
    }
  };

  /** Finishes what was begun before anything new is; says whether that was what is asked for now. */
  const resumed = (ref: string, wasBegun: Status, ended: Status): boolean => {
    const { number } = queue.get(ref);
    const before = select.get(number)?.status;
    recover();
    if (before !== wasBegun) return false;
    // Throws what `recover` was silent about.
    carryOut(number);
    return select.get(number)?.status === ended;
  };

  return {
    drafts: createDrafts({ db }),
    put(task, files, { accept = false } = {}) {
      const fresh = files.every(
        ({ path, before, after }) => standingOf(root, { path, from: before, to: after }) === 'from',
      );
      remove.run(task.number);
      insert.run(task.number, accept && fresh ? 'accepting' : 'open', now(), now());
      for (const { path, before, after } of files) insertFile.run(task.number, path, before, after);
    },
    find,
    show,
    accept(ref) {
      if (!resumed(ref, 'accepting', 'accepted')) carryOut(begin(ref, 'open', 'accepting', 'accepted'));
      return show(ref);
    },
    reject(ref) {
      recover();
      queue.transact(() => end(rowOf(ref, 'open', 'rejected').task_id, 'rejected'));
      return show(ref);
    },
    undo(ref) {
      if (!resumed(ref, 'undoing', 'undone')) carryOut(begin(ref, 'accepted', 'undoing', 'undone'));
      return show(ref);
    },
    settle: (ref) => carryOut(queue.get(ref).number),
    recover,
  };
}

const reversed = ({ path, from, to }: Move): Move => ({ path, from: to, to: from });

/** While files are being written, the proposal still is for clients what it was. */
function shownStatus(status: Status): ProposalStatus {
  if (status === 'accepting') return 'open';
  return status === 'undoing' ? 'accepted' : status;
}

function conflict(files: readonly Move[]): OspainError {
  const names = files.slice(0, 5).map(({ path }) => shown(path));
  const more = files.length > names.length ? ` and ${files.length - names.length} more` : '';
  return new OspainError('conflict', `Changed meanwhile: ${names.join(', ')}${more}. Nothing was written.`, {
    hint: 'Compare the edits with the files, then undo your changes there or do the task again.',
  });
}
