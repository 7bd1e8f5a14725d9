import type { Proposals } from '../agents/proposals.ts';
import type { Handlers } from '../dispatch.ts';

type ProposalHandlers = Pick<Handlers, 'proposal/show' | 'proposal/accept' | 'proposal/reject' | 'proposal/undo'>;

export function createProposalHandlers({ proposals }: { proposals: Proposals }): ProposalHandlers {
  return {
    'proposal/show': ({ taskId }) => ({ proposal: proposals.show(taskId) }),
    'proposal/accept': async ({ taskId }) => ({ proposal: await proposals.accept(taskId) }),
    'proposal/reject': ({ taskId }) => ({ proposal: proposals.reject(taskId) }),
    'proposal/undo': async ({ taskId }) => ({ proposal: await proposals.undo(taskId) }),
  };
}
