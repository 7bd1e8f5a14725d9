import { z } from 'zod';
import { ProposalStatus } from './tasks.ts';

/** One file of a proposal. `before` is null for a new file. Paths are relative to the workspace, with `/`. */
export const ProposalFile = z.object({ path: z.string(), before: z.string().nullable(), after: z.string() });
export type ProposalFile = z.infer<typeof ProposalFile>;

/** The edits of one task. They are on disk only while `status` is `accepted`. */
export const Proposal = z.object({
  taskId: z.string(),
  status: ProposalStatus,
  files: z.array(ProposalFile),
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
