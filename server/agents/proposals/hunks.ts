import { createHash } from 'node:crypto';
import { diffLines } from 'diff';
import type { Hunk, ProposalFile } from '../../../protocol/index.ts';

/** A hunk with its texts. */
interface TextHunk extends Hunk {
  removed: string;
  added: string;
}

/** Lines that are removed or added before two texts count as wholly different, in one hunk. */
const MAX_CHANGES = 1000;

/** The runs of changed lines of a file, from its beginning to its end; a new or deleted file is one. */
export const hunksOf = (file: ProposalFile): Hunk[] =>
  partsOf(file).flatMap((part) => ('id' in part ? [{ id: part.id, before: part.before, after: part.after }] : []));

/** The text of a file with these of its hunks and no others. */
export function withHunks(file: ProposalFile, ids: ReadonlySet<string>): string | null {
  if (file.before === file.after) return file.before;
  const parts = partsOf(file);
  const [only] = parts;
  // Whether there is a file is not a matter of lines.
  if ((file.before === null || file.after === null) && only !== undefined && 'id' in only)
    return ids.has(only.id) ? file.after : file.before;
  return parts.map((part) => ('same' in part ? part.same : ids.has(part.id) ? part.added : part.removed)).join('');
}

type Part = { same: string } | TextHunk;

function partsOf(file: ProposalFile): Part[] {
  const { path, before, after } = file;
  if (before === after) return before === null ? [] : [{ same: before }];
  const parts: Part[] = [];
  let [line, newLine] = [1, 1];
  let open: TextHunk | undefined;
  for (const { value, count, added, removed } of changesOf(before, after)) {
    if (!added && !removed) {
      open = undefined;
      parts.push({ same: value });
      line += count;
      newLine += count;
      continue;
    }
    if (open === undefined) {
      open = {
        ...{ id: '', before: { line, count: 0 }, after: { line: newLine, count: 0 } },
        ...{ removed: '', added: '' },
      };
      parts.push(open);
    }
    if (removed) {
      open.removed += value;
      open.before.count += count;
      line += count;
    } else {
      open.added += value;
      open.after.count += count;
      newLine += count;
    }
  }
  name(
    path,
    parts.flatMap((part) => ('id' in part ? [part] : [])),
  );
  return parts;
}

interface Change {
  value: string;
  count: number;
  added: boolean;
  removed: boolean;
}

function changesOf(before: string | null, after: string | null): Change[] {
  const all = before !== null && after !== null && diffLines(before, after, { maxEditLength: MAX_CHANGES });
  if (all) return all;
  const whole = (text: string | null, side: { added: boolean; removed: boolean }): Change[] =>
    text === null ? [] : [{ value: text, count: text.match(/[^\n]*\n|[^\n]+/g)?.length ?? 0, ...side }];
  return [...whole(before, { added: false, removed: true }), ...whole(after, { added: true, removed: false })];
}

/**
 * Names hunks by what they change, so that deciding on one leaves the others their names. Those that change the same are
 * told apart by their order and their number: when one of them is decided, an old name means none rather than another.
 */
function name(path: string, hunks: readonly TextHunk[]): void {
  const alike = new Map<string, TextHunk[]>();
  for (const hunk of hunks) {
    const hash = createHash('sha256').update(JSON.stringify([path, hunk.removed, hunk.added]));
    const id = hash.digest('hex').slice(0, 12);
    alike.set(id, [...(alike.get(id) ?? []), hunk]);
  }
  for (const [id, same] of alike)
    for (const [at, hunk] of same.entries()) hunk.id = same.length === 1 ? id : `${id}.${at + 1}of${same.length}`;
}
