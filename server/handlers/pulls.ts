import type { Handlers } from '../dispatch.ts';
import type { Pulls } from '../models/pulls.ts';

type PullHandlers = Pick<Handlers, 'pull/start' | 'pull/list' | 'pull/show' | 'pull/cancel' | 'pull/resume'>;

export const createPullHandlers = ({ pulls }: { pulls: Pulls }): PullHandlers => ({
  'pull/start': (asked) => ({ pull: pulls.start(asked) }),
  'pull/list': async () => {
    await pulls.recover();
    return { pulls: pulls.list() };
  },
  'pull/show': ({ pullId }) => ({ pull: pulls.show(pullId) }),
  'pull/cancel': async ({ pullId }) => ({ pull: await pulls.cancel(pullId) }),
  'pull/resume': ({ pullId, ...consent }) => ({ pull: pulls.resume(pullId, consent) }),
});
