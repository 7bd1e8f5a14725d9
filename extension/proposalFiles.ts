import type { Proposal, ProposalFile } from '../protocol/proposals.ts';

/** A file of a proposal as people see it: one that was moved is one file, with another name on each side. */
export interface ShownFile {
  /** Its path afterwards; for a deleted file the one that it had. */
  readonly path: string;
  readonly change: 'changed' | 'new' | 'deleted' | 'moved';
  /** Where it was before; undefined for a new file. */
  readonly from: string | undefined;
}

interface Edits extends Pick<Proposal, 'moves'> {
  readonly files: readonly ProposalFile[];
}

export function shownFiles({ files, moves }: Edits): ShownFile[] {
  const origins = new Map(moves.map(({ from, to }) => [to, from]));
  const moved = new Set(moves.map(({ from }) => from));
  return files.filter(({ path }) => !moved.has(path)).map((file) => shownFile(file, origins.get(file.path)));
}

function shownFile({ path, before, after }: ProposalFile, origin: string | undefined): ShownFile {
  if (origin !== undefined) return { path, change: 'moved', from: origin };
  if (before === null) return { path, change: 'new', from: undefined };
  return { path, change: after === null ? 'deleted' : 'changed', from: path };
}
