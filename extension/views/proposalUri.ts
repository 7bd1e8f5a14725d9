export const PROPOSAL_SCHEME = 'ospain2-proposal';

/** One side of one file of a proposal. */
export interface ProposalSide {
  readonly taskId: string;
  /** `conflict` is the file as it would be with both versions, where a proposal cannot be undone. */
  readonly side: 'before' | 'after' | 'conflict';
  /** Inside the workspace, with `/`. */
  readonly path: string;
}

/** The parts of a Uri. Its path is the file's, so that editors show the right name and language. */
export function proposalUriParts({ taskId, side, path }: ProposalSide): {
  scheme: string;
  path: string;
  query: string;
} {
  return { scheme: PROPOSAL_SCHEME, path: `/${path}`, query: new URLSearchParams({ task: taskId, side }).toString() };
}

/** The other way round; undefined for a Uri that is none of these. */
export function proposalSide(uri: { scheme: string; path: string; query: string }): ProposalSide | undefined {
  if (uri.scheme !== PROPOSAL_SCHEME) return undefined;
  const query = new URLSearchParams(uri.query);
  const taskId = query.get('task');
  const side = query.get('side');
  if (taskId === null || (side !== 'before' && side !== 'after' && side !== 'conflict')) return undefined;
  return { taskId, side, path: uri.path.slice(1) };
}
