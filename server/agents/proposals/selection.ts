import { OspainError, type Proposal, type Selection } from '../../../protocol/index.ts';
import { shown } from '../workspacePaths.ts';
import { hunksOf, withHunks } from './hunks.ts';
import type { FileState } from './store.ts';

/** A file of which something is decided. */
export interface Chosen {
  file: FileState;
  /** What it is with what was chosen and nothing else. */
  only: string | null;
  /** What is left to decide on when what was chosen is dropped. */
  without: string | null;
}

/**
 * What was selected of the files on which something is left to decide; all of it where nothing was. Throws `not_found` for a
 * file that is not among them, and `conflict` for a hunk that is not there any more.
 */
export function choose(
  files: readonly FileState[],
  moves: Proposal['moves'],
  selection: Selection | undefined,
): Chosen[] {
  const left = files.filter(({ before, after }) => before !== after);
  if (selection === undefined) return left.map(whole);
  const wanted = new Map<string, Set<string> | 'all'>();
  for (const { path, hunks } of selection) {
    const known = wanted.get(path);
    if (hunks === undefined || known === 'all') wanted.set(path, 'all');
    else wanted.set(path, new Set([...(known ?? []), ...hunks]));
  }
  for (const { from, to } of moves) {
    // One name without the other would leave the file twice, or not at all.
    if (wanted.has(from) || wanted.has(to)) wanted.set(from, 'all').set(to, 'all');
  }
  return [...wanted].map(([path, ids]) => {
    const file = left.find((one) => one.path === path);
    if (file === undefined)
      throw new OspainError('not_found', `There is nothing to decide on ${shown(path)} in this proposal.`);
    return ids === 'all' ? whole(file) : part(file, ids);
  });
}

const whole = (file: FileState): Chosen => ({ file, only: file.after, without: file.before });

function part(file: FileState, ids: ReadonlySet<string>): Chosen {
  const all = hunksOf(file).map(({ id }) => id);
  const unknown = [...ids].filter((id) => !all.includes(id));
  if (unknown.length > 0)
    throw new OspainError('conflict', `The edits of ${shown(file.path)} are not what they were. Nothing was written.`, {
      hint: 'Look at them again, then decide.',
    });
  const others = new Set(all.filter((id) => !ids.has(id)));
  return { file, only: withHunks(file, ids), without: withHunks(file, others) };
}
