import { merge, type Sides } from './merge.ts';
import type { WrittenEdit } from './store.ts';

/** How a file is without the edits of one task; or where they cannot be taken out from under what came after them. */
export type TakenBack =
  | {
      clean: true;
      /** What the file is then. */
      text: string | null;
      /** Permissions of the file, where it is to come back. */
      mode: number | null;
      /** The later edits of other tasks, as they are without these. */
      others: WrittenEdit[];
    }
  | {
      clean: false;
      /** The task whose later edit is in the way; undefined for what was changed by hand. */
      task: number | undefined;
      sides: Sides;
    };

/**
 * Takes the edits of a task out of a file's history. `edits` are those that were written since its first one, oldest first,
 * and `now` is what is on disk. Each later change, of another task or by hand, is made anew on the text without them, by a
 * three-way merge; the edits of other tasks then say what they changed there. So the edits of a file always lead from
 * the text that it had at first to the one on disk, and whoever takes all of them back, in whatever order, ends with that
 * text, byte for byte: no merge has to guess it.
 */
export function takeBack(task: number, edits: readonly WrittenEdit[], now: string | null): TakenBack {
  const [first] = edits;
  const others: WrittenEdit[] = [];
  let mode: number | null = null;
  // What the file was at this moment, and what it would have been.
  let was = first === undefined ? now : first.before;
  let would = was;
  const moveTo = (text: string | null): boolean => {
    const sides = { base: was, ours: text, theirs: would };
    const merged = merge(sides);
    if (!merged.clean) return false;
    was = text;
    would = merged.text;
    return true;
  };
  const stuck = (by: number | undefined, text: string | null): TakenBack => ({
    ...{ clean: false, task: by, sides: { base: was, ours: text, theirs: would } },
  });
  for (const edit of edits) {
    if (!moveTo(edit.before)) return stuck(undefined, edit.before);
    if (edit.task === task) {
      // Who deleted the file knows what its permissions were; the last one to do so is right.
      mode = edit.after === null ? edit.mode : mode;
      was = edit.after;
      continue;
    }
    const before = would;
    if (!moveTo(edit.after)) return stuck(edit.task, edit.after);
    others.push({ ...edit, before, after: would, mode: edit.mode });
  }
  if (!moveTo(now)) return stuck(undefined, now);
  return { clean: true, text: would, mode, others };
}
