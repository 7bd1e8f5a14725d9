import type { Handlers } from '../dispatch.ts';
import type { Actions } from '../language/actions.ts';

type ActionMethod = Extract<keyof Handlers, `action/${string}`>;

export const createActionHandlers = ({ actions }: { actions: Actions }): Pick<Handlers, ActionMethod> => ({
  'action/list': async (params) => ({ actions: await actions.list(params) }),
  'action/run': async (params) => ({ task: await actions.run(params) }),
  'action/lenses': async (params) => ({ lenses: await actions.lenses(params) }),
  'action/commitMessage': async (params) => ({ task: await actions.commitMessage(params) }),
});
