import type { Proposals } from '../agents/proposals.ts';
import type { Handlers } from '../dispatch.ts';

type ProposalMethod = Extract<keyof Handlers, `proposal/${string}`>;

export function createProposalHandlers({ proposals }: { proposals: Proposals }): Pick<Handlers, ProposalMethod> {
  return {
    'proposal/show': ({ taskId }) => ({ proposal: proposals.show(taskId) }),
    'proposal/accept': ({ taskId, ...options }) => ({ proposal: proposals.accept(taskId, options) }),
    'proposal/reject': ({ taskId, files }) => ({ proposal: proposals.reject(taskId, files) }),
    'proposal/merge': ({ taskId, ...options }) => proposals.merge(taskId, options),
    'proposal/conflicts': ({ taskId }) => ({ conflicts: proposals.conflicts(taskId) }),
    'proposal/undo': ({ taskId }) => ({ proposal: proposals.undo(taskId) }),
  };
}
