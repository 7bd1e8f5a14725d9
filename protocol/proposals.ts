import { z } from 'zod';
import { ProposalStatus } from './tasks.ts';

/**
 * One file of a proposal. `before` is null for a new file, `after` for a deleted one; a move is a deleted and a new one.
 * Paths are relative to the workspace, with `/`.
 */
export const ProposalFile = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export type ProposalFile = z.infer<typeof ProposalFile>;

/** The edits of one task. They are on disk only while `status` is `accepted`. */
export const Proposal = z.object({
  taskId: z.string(),
  status: ProposalStatus,
  files: z.array(ProposalFile),
  /** Which deleted and new files of it are one file that was moved, by what is in them; each path is in one at most. */
  moves: z.array(z.object({ from: z.string(), to: z.string() })),
  createdAt: z.number().int(),
  updatedAt: z.number().int(),
});
export type Proposal = z.infer<typeof Proposal>;

const OfTask = z.object({ taskId: z.string().min(1).max(64) });
const OneProposal = z.object({ proposal: Proposal });

export const proposalMethods = {
  'proposal/show': { params: OfTask, result: OneProposal },
  /** Writes the edits to disk, all or none; `conflict` when a file is not as the task saw it. */
  'proposal/accept': { params: OfTask, result: OneProposal },
  'proposal/reject': { params: OfTask, result: OneProposal },
  /** Takes an accepted proposal back; `conflict` when a file was changed since. */
  'proposal/undo': { params: OfTask, result: OneProposal },
} as const;
