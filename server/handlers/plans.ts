import type { Plans } from '../agents/plans.ts';
import type { Handlers } from '../dispatch.ts';

type PlanHandlers = Pick<Handlers, 'plan/show' | 'plan/edit' | 'plan/start'>;

export function createPlanHandlers({ plans }: { plans: Plans }): PlanHandlers {
  return {
    'plan/show': ({ taskId }) => ({ plan: plans.show(taskId) }),
    'plan/edit': ({ taskId, parts }) => ({ plan: plans.edit(taskId, parts) }),
    'plan/start': (params) => ({ plan: plans.start(params) }),
  };
}
