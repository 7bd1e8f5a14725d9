import {
  type Conflict,
  OspainError,
  type Proposal,
  type ProposalFile,
  type ProposalStatus,
  type Selection,
  type Task,
} from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import { hashOfText } from '../audit/canonical.ts';
import type { Db } from '../storage/database.ts';
import { guarded } from '../storage/storageErrors.ts';
import type { Queue } from '../tasks/queue.ts';
import { countChanges } from './changes.ts';
import { lookAt, moveAll, reversed, type Standing, standingOf, sweep } from './disk.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createContents } from './proposals/contents.ts';
import { mergeOnto, type Resolved } from './proposals/mergeOnto.ts';
import { type Hindrance, type Plan, planAccept, planUndo } from './proposals/plans.ts';
import { conflictsOf, movesIn, reviewOf, undoConflicts } from './proposals/review.ts';
import { choose } from './proposals/selection.ts';
import { createProposalStore, type FileState, type ProposalRow, type Status } from './proposals/store.ts';
import { takeBack } from './proposals/written.ts';
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
  /**
   * Writes edits to disk, all of those that are selected or none. `conflict` names the files that are not as the task saw
   * them; with `merge` only those in which the same lines were changed. What was undone is merged without being asked.
   */
  accept(ref: string, options?: { files?: Selection | undefined; merge?: boolean | undefined }): Proposal;
  /** Drops what is left to decide, or a part of it. */
  reject(ref: string, files?: Selection): Proposal;
  /** Makes what is left to decide fit the files on disk; writes none. `conflicts` are the paths for which it cannot. */
  merge(ref: string, options?: MergeOptions): { proposal: Proposal; conflicts: string[] };
  /** What keeps a proposal from being accepted, or taken back when it was. */
  conflicts(ref: string): Conflict[];
  /** Takes back what was accepted; `conflict` names the files in which the same lines were changed since. */
  undo(ref: string): Proposal;
  /** Finishes what was begun on a task's proposal; nothing when nothing was. */
  settle(ref: string): void;
  /** The same for every proposal: what a server that died left half done. One that cannot be finished stays as it is. */
  recover(): void;
}

interface MergeOptions {
  resolved?: readonly Resolved[] | undefined;
  /** Conflicts become texts with markers. */
  markers?: boolean | undefined;
}

type Did = 'accepted' | 'rejected' | 'undone' | 'merged';

interface ProposalsDeps {
  db: Db;
  queue: Pick<Queue, 'get' | 'append' | 'transact'>;
  /** Real path of the workspace. */
  root: string;
  now: () => number;
  audit: RecordAudit;
}

/*
 * The order that survives a crash at any moment. One transaction checks the files and writes `accepting` (or `undoing`)
 * with each file's way from one text to another; a second one holds the database's write lock while the files are written
 * and renamed, and ends with `accepted` and the event. Whoever finds `accepting` later knows that each file is at one end
 * of its way or at the other, and finishes. The write lock makes it one at a time, over all servers of the workspace; files
 * are few and small, so it is held for milliseconds.
 */
export function createProposals({ db, queue, root, now, audit }: ProposalsDeps): Proposals {
  const contents = createContents({ db });
  const store = createProposalStore({ db, contents });
  const look = (path: string) => lookAt(root, path);

  const find = (ref: string): Proposal | undefined =>
    guarded(() => {
      const task = queue.get(ref);
      const row = store.find(task.number);
      return row && reviewOf(task, row, store.files(task.number), look);
    });

  const show = (ref: string): Proposal => {
    const proposal = find(ref);
    if (proposal) return proposal;
    throw noEdits(ref);
  };

  const rowOf = (ref: string, fits: (row: ProposalRow) => boolean, only: string): ProposalRow => {
    const row = store.find(queue.get(ref).number);
    if (row === undefined) throw noEdits(ref);
    if (fits(row)) return row;
    throw new OspainError('wrong_state', `Only ${only}; these are ${row.was ?? row.status}.`);
  };
  const isLeft = ({ status }: ProposalRow): boolean => status === 'open' || status === 'undone';

  /** One change of what is kept, and then without the texts that it made superfluous. */
  const change = <T>(run: () => T): T =>
    queue.transact(() => {
      const result = run();
      contents.collect();
      return result;
    });

  const begin = (task: number, status: 'accepting' | 'undoing', { moves, hindrances }: Plan): number => {
    if (hindrances.length > 0) throw status === 'accepting' ? changedMeanwhile(hindrances) : cannotUndo(hindrances);
    store.begin(task, status, moves, now());
    return task;
  };

  const beginAccept = (ref: string, { files, merge = false }: Parameters<Proposals['accept']>[1] = {}): number =>
    queue.transact(() => {
      const { task_id: task, status } = rowOf(ref, isLeft, 'open or undone edits can be accepted');
      const all = store.files(task);
      const moved = movesIn(all);
      const merging = merge || status === 'undone';
      return begin(task, 'accepting', planAccept(choose(all, moved, files), { look, moved, merging }));
    });

  const isUndoable = ({ task_id, status }: ProposalRow): boolean =>
    status === 'accepted' || (status === 'open' && store.files(task_id).some(isWritten));

  const beginUndo = (ref: string): number =>
    queue.transact(() => {
      const { task_id: task } = rowOf(ref, isUndoable, 'accepted edits can be undone');
      const since = (path: string) => store.writtenSince(task, path);
      return begin(task, 'undoing', planUndo(task, store.files(task), store.writtenPaths(task), { look, since }));
    });

  /** Writes what came of a decision, and tells it: the part that was decided on, or that nothing is left to decide. */
  const decide = (task: number, status: ProposalStatus, did: Did, edits: readonly ProposalFile[]): void => {
    const before = store.find(task);
    store.end(task, status, now());
    const isOver = status !== 'open' && status !== (before?.was ?? before?.status);
    const tell = (files: readonly ProposalFile[]) =>
      files.filter((file) => file.before !== file.after).map(countChanges);
    if (!isOver || status !== did) queue.append(String(task), 'reviewed', { did, files: tell(edits) });
    if (!isOver) return;
    const written = store.files(task).map(({ path, base, before: after }) => ({ path, before: base, after }));
    queue.append(String(task), 'proposal', { status, files: tell(status === 'accepted' ? written : edits) });
  };

  /** What follows from the files: `open` as long as something is left to decide; `none` where nothing of it is on disk. */
  const statusOf = (task: number, none: 'accepted' | 'rejected' = 'rejected'): ProposalStatus => {
    const files = store.files(task);
    if (!files.every(isDecided)) return 'open';
    return files.some(isWritten) ? 'accepted' : none;
  };

  /** In the transaction that holds the write lock while the files are written. */
  const auditMoves = (task: number, did: 'accepted' | 'undone'): void => {
    for (const { path, from, to } of store.moves(task)) {
      if (from === to) continue;
      const details = { task, did, before: hashOfText(from), after: hashOfText(to) };
      audit({ type: 'file.written', subject: path, details });
    }
  };

  const endAccept = (task: number): void => {
    auditMoves(task, 'accepted');
    const edits: ProposalFile[] = [];
    for (const { path, from, to, mode, next } of store.moves(task)) {
      if (from !== to) store.addWritten({ task, path, before: from, after: to, mode: to === null ? mode : null });
      edits.push({ path, before: from, after: to });
      store.setFile(task, { path, ...next });
    }
    decide(task, statusOf(task, 'accepted'), 'accepted', edits);
  };

  const endUndo = (task: number, was: ProposalRow['was']): void => {
    auditMoves(task, 'undone');
    const edits: ProposalFile[] = [];
    for (const { path, from, to, next } of store.moves(task)) {
      const taken = takeBack(task, store.writtenSince(task, path), from);
      if (taken.clean) taken.others.forEach(store.rewrite);
      edits.push({ path, before: to, after: from });
      store.setFile(task, { path, ...next });
    }
    store.forgetWritten(task);
    decide(task, was === 'open' ? 'open' : 'undone', 'undone', edits);
  };

  /** Whether somebody else decided on the same files between the two transactions, so that taking back means another text now. */
  const isOutdated = (task: number): boolean =>
    store.moves(task).some(({ path, from, to }) => {
      const taken = takeBack(task, store.writtenSince(task, path), from);
      return !taken.clean || taken.text !== to;
    });

  /** Writes what was begun; nothing when nothing was, or another server was faster. */
  const carryOut = (task: number): void => {
    const failure = change(() => {
      const row = store.find(task);
      if (!row?.was) return undefined;
      const { status, was } = row;
      const moves = store.moves(task).filter(({ from, to }) => from !== to);
      const standing = (wanted: Standing) => moves.filter((move) => standingOf(root, move) === wanted);
      const foreign = standing('neither');
      const goesOn = foreign.length === 0 && !(status === 'undoing' && isOutdated(task));
      const name = `task${task}`;
      sweep(root, moves, name);
      try {
        // Where somebody wrote a file after a crash, theirs stays and ours go back, so that it is none of them.
        moveAll(root, goesOn ? standing('from') : standing('to').map(reversed), name);
      } catch (thrown) {
        // Half done it stays begun, to be finished when the disk can be written again.
        if (standing('from').length < moves.length) throw thrown;
        store.end(task, was, now());
        return OspainError.from(thrown);
      }
      if (!goesOn) {
        store.end(task, was, now());
        return changedMeanwhile((foreign.length > 0 ? foreign : moves).map(({ path }) => ({ path, why: '' })));
      }
      if (status === 'accepting') endAccept(task);
      else endUndo(task, was);
      return undefined;
    });
    if (failure) throw failure;
  };

  const recover = (): void => {
    for (const task of guarded(() => store.begun())) {
      try {
        carryOut(task);
      } catch {
        // It is for the person to see and to decide: the proposal is shown, and accepting it again says what is wrong.
      }
    }
  };

  /** Finishes what was begun before anything new is; says whether that was what is asked for now. */
  const resumed = (ref: string, wasBegun: Status, ended: Status): boolean => {
    const { number } = queue.get(ref);
    const before = store.find(number)?.status;
    recover();
    if (before !== wasBegun) return false;
    // Throws what `recover` was silent about.
    carryOut(number);
    return store.find(number)?.status === ended;
  };

  return {
    drafts: createDrafts({ db, contents }),
    put(task, files, { accept = false } = {}) {
      store.put(task.number, files, now());
      const all = store.files(task.number);
      const plan = planAccept(choose(all, [], undefined), { look, moved: movesIn(all), merging: false });
      if (accept && plan.hindrances.length === 0) begin(task.number, 'accepting', plan);
    },
    find,
    show,
    accept(ref, options) {
      if (!resumed(ref, 'accepting', 'accepted')) carryOut(beginAccept(ref, options));
      return show(ref);
    },
    reject(ref, selection) {
      recover();
      change(() => {
        const { task_id: task } = rowOf(ref, ({ status }) => status === 'open', 'open edits can be rejected');
        const all = store.files(task);
        const chosen = choose(all, movesIn(all), selection);
        const without = chosen.map(({ file, without: after }) => ({ ...file, after }));
        // A proposal of which nothing was wanted is kept as it was made.
        const isNone = !all.some(isWritten) && all.length === without.length && without.every(isDecided);
        if (!isNone) for (const file of without) store.setFile(task, file);
        const dropped = chosen.map(({ file: { path, after }, without: before }) => ({ path, before, after }));
        decide(task, isNone ? 'rejected' : statusOf(task), 'rejected', dropped);
      });
      return show(ref);
    },
    merge(ref, { resolved = [], markers = false } = {}) {
      recover();
      const conflicts = change(() => {
        const { task_id: task, status } = rowOf(ref, isLeft, 'open or undone edits can be merged');
        const all = store.files(task);
        const merged = mergeOnto(queue.get(ref), all, { look, resolved, markers });
        for (const file of merged.files) store.setFile(task, file);
        const left = status === 'undone' ? status : statusOf(task);
        if (merged.files.length > 0) decide(task, left, 'merged', merged.files);
        return merged.conflicts;
      });
      return { proposal: show(ref), conflicts };
    },
    conflicts(ref) {
      const task = queue.get(ref);
      const row = store.find(task.number);
      if (row === undefined) throw noEdits(ref);
      if (isLeft(row)) return conflictsOf(task, store.files(task.number), look);
      if (row.status !== 'accepted') return [];
      const since = (path: string) => store.writtenSince(task.number, path);
      return undoConflicts(task, store.writtenPaths(task.number), { look, since });
    },
    undo(ref) {
      if (!resumed(ref, 'undoing', 'undone')) carryOut(beginUndo(ref));
      return show(ref);
    },
    settle: (ref) => carryOut(queue.get(ref).number),
    recover() {
      recover();
      change(() => {});
    },
  };
}

const isWritten = ({ base, before }: FileState): boolean => base !== before;
const isDecided = ({ before, after }: FileState): boolean => before === after;

const noEdits = (ref: string): OspainError => new OspainError('not_found', `Task ${shown(ref)} has proposed no edits.`);

function changedMeanwhile(files: readonly Hindrance[]): OspainError {
  return new OspainError('conflict', `Changed meanwhile: ${namesOf(files)}. Nothing was written.`, {
    hint: 'Merge the edits with what is there now, or do the task again.',
  });
}

function cannotUndo(files: readonly Hindrance[]): OspainError {
  return new OspainError('conflict', `Changed since: ${namesOf(files)}. Nothing was written.`, {
    hint: 'Take the later changes of the same lines back first, or edit the files by hand.',
  });
}

function namesOf(files: readonly Hindrance[]): string {
  const names = files.slice(0, 5).map(({ path, why }) => shown(path) + (why === '' ? '' : ` (${why})`));
  return names.join(', ') + (files.length > names.length ? ` and ${files.length - names.length} more` : '');
}
