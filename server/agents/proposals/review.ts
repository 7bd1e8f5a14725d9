import type { Conflict, Proposal, ProposalStatus, ReviewedFile, Task } from '../../../protocol/index.ts';
import { findMoves } from '../movedFiles.ts';
import { hunksOf } from './hunks.ts';
import { markConflicts, merge, type Sides } from './merge.ts';
import { changedBy, type Look } from './plans.ts';
import type { FileState, ProposalRow, WrittenEdit } from './store.ts';
import { takeBack } from './written.ts';

/** A proposal as people see it. */
export function reviewOf(task: Task, row: ProposalRow, files: readonly FileState[], look: Look): Proposal {
  // While files are being written, the proposal still is for clients what it was.
  const status = row.was ?? (row.status as ProposalStatus);
  const isLeft = status === 'open' || status === 'undone';
  return {
    taskId: task.id,
    status,
    files: files.map((file) => reviewedFile(file, isLeft, look)),
    moves: movesIn(files),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The moved files among those of a proposal, whatever of it was decided. */
export const movesIn = (files: readonly FileState[]): Proposal['moves'] =>
  findMoves(files.map(({ path, base, after }) => ({ path, before: base, after })));

function reviewedFile({ path, base, before, after }: FileState, isLeft: boolean, look: Look): ReviewedFile {
  if (before === after) return { path, before: base, after, written: 'all', hunks: [], fit: 'exact' };
  const written = base === before ? 'none' : 'some';
  if (!isLeft) return { path, before, after, written, hunks: [], fit: 'exact' };
  const disk = look(path);
  const hunks = hunksOf({ path, before, after });
  if (disk?.text === before) return { path, before, after, written, hunks, fit: 'exact' };
  const fits = disk !== undefined && merge({ base: before, ours: disk.text, theirs: after }).clean;
  return { path, before, after, written, hunks, fit: fits ? 'merge' : 'conflict' };
}

const NO_TEXT = 'it is no text file any more';

/** What keeps the files from being accepted. */
export function conflictsOf(task: Task, files: readonly FileState[], look: Look): Conflict[] {
  return files.flatMap(({ path, before, after }): Conflict[] => {
    const disk = look(path);
    if (before === after || disk?.text === before) return [];
    if (disk === undefined) return [conflict(path, NO_TEXT, { base: before, ours: null, theirs: after }, '')];
    const sides = { base: before, ours: disk.text, theirs: after };
    if (merge(sides).clean) return [];
    return [conflict(path, 'the same lines were changed meanwhile', sides, `task ${task.number}`)];
  });
}

/** What keeps a task from being taken back. */
export function undoConflicts(
  task: Task,
  written: readonly string[],
  { look, since }: { look: Look; since(path: string): WrittenEdit[] },
): Conflict[] {
  return written.flatMap((path): Conflict[] => {
    const disk = look(path);
    const without = `without task ${task.number}`;
    if (disk === undefined) return [conflict(path, NO_TEXT, { base: null, ours: null, theirs: null }, without)];
    const taken = takeBack(task.number, since(path), disk.text);
    if (taken.clean) return [];
    const why = taken.task === undefined ? 'the same lines were changed later' : changedBy(taken.task);
    return [conflict(path, why, taken.sides, without)];
  });
}

const conflict = (path: string, reason: string, sides: Sides, theirs: string): Conflict => ({
  ...{ path, reason, ...sides },
  marked: markConflicts(sides, { ours: 'on disk', theirs }),
});
