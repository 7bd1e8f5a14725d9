import type { Hunk, Proposal, ReviewedFile } from './proposals.ts';

/** A file of a proposal as people see it: one that was moved is one file, with another name on each side. */
export interface ShownFile {
  /** Its path afterwards; for a deleted file the one that it had. */
  readonly path: string;
  readonly change: 'changed' | 'new' | 'deleted' | 'moved';
  /** Where it was before; undefined for a new file. */
  readonly from: string | undefined;
  /** Whether something of it is left to decide. */
  readonly isLeft: boolean;
  /** How that fits the file on disk. */
  readonly fit: ReviewedFile['fit'];
}

export function shownFiles({ files, moves }: Pick<Proposal, 'files' | 'moves'>): ShownFile[] {
  const origins = new Map(moves.map(({ from, to }) => [to, files.find(({ path }) => path === from)]));
  const moved = new Set(moves.map(({ from }) => from));
  return files.filter(({ path }) => !moved.has(path)).map((file) => shownFile(file, origins.get(file.path)));
}

function shownFile(file: ReviewedFile, origin: ReviewedFile | undefined): ShownFile {
  const { path, before, after } = file;
  const names = [file, ...(origin === undefined ? [] : [origin])];
  const isLeft = names.some(({ hunks }) => hunks.length > 0);
  const fits = names.map(({ fit }) => fit);
  const fit = fits.find((one) => one === 'conflict') ?? fits.find((one) => one === 'merge') ?? 'exact';
  if (origin !== undefined) return { path, change: 'moved', from: origin.path, isLeft, fit };
  if (before === null) return { path, change: 'new', from: undefined, isLeft, fit };
  return { path, change: after === null ? 'deleted' : 'changed', from: path, isLeft, fit };
}

/** The hunks of which a line between these two is part, on one side of the file; lines count from 1. */
export function hunksAt(
  { hunks }: Pick<ReviewedFile, 'hunks'>,
  side: 'before' | 'after',
  first: number,
  last: number,
): readonly Hunk[] {
  const found = hunks.filter((hunk) => {
    const { line, count } = hunk[side];
    // Where lines are only taken out or put in, the other side has none: those next to the place mean it.
    const [from, to] = count === 0 ? [line - 1, line] : [line, line + count - 1];
    return from <= last && first <= to;
  });
  return found.length === 0 && hunks.length === 1 ? hunks : found;
}
