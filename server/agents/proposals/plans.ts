import type { Proposal } from '../../../protocol/index.ts';
import type { OnDisk } from '../disk.ts';
import { merge } from './merge.ts';
import type { Chosen } from './selection.ts';
import type { FileMove, FileState, WrittenEdit } from './store.ts';
import { takeBack } from './written.ts';

/** A file that cannot be written, and why, for people: at the end of a sentence behind its path; empty: it was changed. */
export interface Hindrance {
  path: string;
  why: string;
}

/** Undefined where a folder, a link or a binary is in the place of the file. */
export type Look = (path: string) => OnDisk | undefined;

export interface Plan {
  moves: FileMove[];
  hindrances: Hindrance[];
}

interface Surroundings {
  look: Look;
}

/** What accepting would do. With `merging`, what was changed on disk meanwhile is kept where it can be. */
export function planAccept(
  chosen: readonly Chosen[],
  { look, moved, merging }: Surroundings & { moved: Proposal['moves']; merging: boolean },
): Plan {
  const plan: Plan = { moves: [], hindrances: [] };
  for (const one of chosen) {
    const { path } = one.file;
    const disk = look(path);
    const placed = disk && placeOf(one, disk.text, merging);
    if (disk === undefined || placed === undefined) {
      plan.hindrances.push({ path, why: disk !== undefined && merging ? 'in the same lines' : '' });
      continue;
    }
    // A moved file stays what it was, such as a program that may be run.
    const origin = moved.find(({ to }) => to === path)?.from;
    const mode = disk.text === null && origin !== undefined ? look(origin)?.mode : disk.mode;
    plan.moves.push({ path, from: disk.text, mode: mode ?? null, ...placed });
  }
  return plan;
}

function placeOf(
  { file, only }: Chosen,
  disk: string | null,
  merging: boolean,
): Pick<FileMove, 'to' | 'next'> | undefined {
  const { base, before, after } = file;
  const next = { base, before: only, after };
  if (disk === before) return { to: only, next };
  const merged = merging ? merge({ base: before, ours: disk, theirs: only }) : { clean: false as const };
  if (!merged.clean) return undefined;
  const to = merged.text;
  const rest = merge({ base: only, ours: to, theirs: after });
  // What is left is of the file as it is now, if it can be; otherwise of the one that the task knew.
  if (only === after || !rest.clean) return { to, next };
  return { to, next: { base: baseOn(file, disk), before: to, after: rest.text } };
}

/** What a file on disk would be without what was accepted of a proposal. */
export function baseOn({ base, before }: FileState, disk: string | null): string | null {
  const merged = merge({ base: before, ours: disk, theirs: base });
  return merged.clean ? merged.text : disk;
}

/** What taking a task back would do. `since` tells what was written of a file since the first edit of the task. */
export function planUndo(
  task: number,
  files: readonly FileState[],
  written: readonly string[],
  { look, since }: Surroundings & { since(path: string): WrittenEdit[] },
): Plan {
  const plan: Plan = { moves: [], hindrances: [] };
  const paths = [...new Set([...written, ...files.map(({ path }) => path)])].sort();
  for (const path of paths) {
    const file = files.find((one) => one.path === path);
    const next = { base: file?.base ?? null, before: file?.base ?? null, after: file?.after ?? null };
    if (!written.includes(path)) {
      plan.moves.push({ path, from: null, to: null, mode: null, next });
      continue;
    }
    const disk = look(path);
    const taken = disk && takeBack(task, since(path), disk.text);
    if (disk && taken?.clean)
      plan.moves.push({ path, from: disk.text, to: taken.text, mode: taken.mode ?? disk.mode, next });
    else
      plan.hindrances.push({
        path,
        why: taken?.clean === false && taken.task !== undefined ? changedBy(taken.task) : '',
      });
  }
  return plan;
}

export const changedBy = (task: number): string => `task ${task} changed the same lines later`;
