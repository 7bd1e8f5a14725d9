import { diffLines } from 'diff';
import type { Hunk, ReviewedFile } from '../../../protocol/proposals.ts';

/** A line as a comparison shows it, with its number on each side that has it. */
export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** The file's last line, which no line break ends. */
  readonly unended: boolean;
}

/** A file from its beginning to its end: hunks to decide, lines around them, and lines that nobody has to look at. */
export type DiffPart =
  | { readonly type: 'hunk'; readonly hunk: Hunk; readonly lines: readonly DiffLine[] }
  | { readonly type: 'same'; readonly lines: readonly DiffLine[] }
  /** `at` tells it from others of the file. */
  | { readonly type: 'folded'; readonly at: number; readonly lines: readonly DiffLine[] };

/** Unchanged lines that stay in sight at each side of a hunk. */
const CONTEXT = 3;
/** Of texts that differ in more lines than this it is not worked out which. */
const MOST_CHANGES = 2000;

interface Text {
  readonly lines: readonly string[];
  readonly isEnded: boolean;
}

function textOf(text: string | null): Text {
  if (text === null || text === '') return { lines: [], isEnded: true };
  const lines = text.split('\n');
  const isEnded = lines.at(-1) === '';
  return { lines: isEnded ? lines.slice(0, -1) : lines, isEnded };
}

/** The comparison of what is left to decide in a file, by the hunks that the server names. */
export function diffParts({ before, after, hunks }: Pick<ReviewedFile, 'before' | 'after' | 'hunks'>): DiffPart[] {
  const [old, young] = [textOf(before), textOf(after)];
  const line = (mark: DiffLine['mark'], at: number, otherAt?: number): DiffLine => {
    const { lines, isEnded } = mark === '+' ? young : old;
    return {
      mark,
      text: (lines[at - 1] ?? '').replace(/\r$/, ''),
      before: mark === '+' ? undefined : at,
      after: mark === '+' ? at : otherAt,
      unended: !isEnded && at === lines.length,
    };
  };
  const parts: DiffPart[] = [];
  /** Where the next line is on each side. */
  let [oldAt, newAt] = [1, 1];
  const same = (until: number, isFirst: boolean, isLast: boolean) => {
    const lines = range(until - oldAt).map((n) => line(' ', oldAt + n, newAt + n));
    const head = isFirst ? 0 : CONTEXT;
    const tail = isLast ? 0 : CONTEXT;
    const kept = lines.length <= head + tail + 1 ? lines.length : head;
    const end = kept === lines.length ? kept : lines.length - tail;
    if (kept > 0) parts.push({ type: 'same', lines: lines.slice(0, kept) });
    if (end > kept) parts.push({ type: 'folded', at: oldAt + kept, lines: lines.slice(kept, end) });
    if (end < lines.length) parts.push({ type: 'same', lines: lines.slice(end) });
    newAt += lines.length;
    oldAt += lines.length;
  };
  for (const [index, hunk] of hunks.entries()) {
    same(hunk.before.line, index === 0, false);
    const removed = range(hunk.before.count).map((n) => line('-', hunk.before.line + n));
    const added = range(hunk.after.count).map((n) => line('+', hunk.after.line + n));
    parts.push({ type: 'hunk', hunk, lines: [...removed, ...added] });
    oldAt = hunk.before.line + hunk.before.count;
    newAt = hunk.after.line + hunk.after.count;
  }
  // Where all is decided both sides are one text, and none of it has to be looked at.
  if (hunks.length > 0 && before !== null) same(old.lines.length + 1, false, true);
  return parts;
}

const range = (count: number): number[] => Array.from({ length: Math.max(0, count) }, (_, n) => n);

/** How many lines come and go. */
export function lineCounts({ hunks }: Pick<ReviewedFile, 'hunks'>): { added: number; removed: number } {
  const sum = (side: 'before' | 'after') => hunks.reduce((all, hunk) => all + hunk[side].count, 0);
  return { added: sum('after'), removed: sum('before') };
}

/** The same of a file that was moved: its lines stand between two files, so that the server names no hunks of them. */
export function movedParts(before: string | null, after: string | null): DiffPart[] {
  const hunks: Hunk[] = [];
  let [line, newLine] = [1, 1];
  let open: { before: { line: number; count: number }; after: { line: number; count: number } } | undefined;
  for (const { count, added, removed } of diffLines(before ?? '', after ?? '', { maxEditLength: MOST_CHANGES }) ?? []) {
    if (!added && !removed) open = undefined;
    else if (open === undefined) {
      open = { before: { line, count: 0 }, after: { line: newLine, count: 0 } };
      hunks.push({ id: String(hunks.length), ...open });
    }
    if (removed && open !== undefined) open.before.count += count;
    if (added && open !== undefined) open.after.count += count;
    if (!added) line += count;
    if (!removed) newLine += count;
  }
  return diffParts({ before, after, hunks });
}
