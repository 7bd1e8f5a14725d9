import type { Task } from '../../../protocol/index.ts';
import { markConflicts, merge } from './merge.ts';
import { baseOn, type Look } from './plans.ts';
import type { FileState } from './store.ts';

/** What a person made of a file that could not be merged, over the text that was on disk then. */
export interface Resolved {
  path: string;
  over: string | null;
  text: string | null;
}

/** How the files that are left to decide fit the disk: what each becomes, and those that a person has to look at. */
export function mergeOnto(
  task: Task,
  files: readonly FileState[],
  { look, resolved, markers }: { look: Look; resolved: readonly Resolved[]; markers: boolean },
): { files: FileState[]; conflicts: string[] } {
  const done: FileState[] = [];
  const conflicts: string[] = [];
  for (const file of files) {
    const { path, base, before, after } = file;
    const disk = look(path);
    if (before === after || disk?.text === before) continue;
    const text = disk && textFor(file, disk.text);
    if (disk === undefined || text === undefined) conflicts.push(path);
    // Somebody made the very change by hand: there is nothing left to write, and nothing of ours to take back.
    else if (text === disk.text) done.push({ path, base, before: after, after });
    else done.push({ path, base: baseOn(file, disk.text), before: disk.text, after: text });
  }
  return { files: done, conflicts };

  /** Undefined where nobody has said what it is to be. */
  function textFor({ path, before, after }: FileState, ours: string | null): string | null | undefined {
    const said = resolved.find((one) => one.path === path && one.over === ours);
    if (said) return said.text;
    const sides = { base: before, ours, theirs: after };
    const merged = merge(sides);
    if (merged.clean) return merged.text;
    return (markers ? markConflicts(sides, { ours: 'on disk', theirs: `task ${task.number}` }) : null) ?? undefined;
  }
}
