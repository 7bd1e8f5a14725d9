import type { Pull } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Handlers } from '../dispatch.ts';
import type { Pulls } from '../models/pulls.ts';

type PullHandlers = Pick<Handlers, 'pull/start' | 'pull/list' | 'pull/show' | 'pull/cancel' | 'pull/resume'>;

/** Without what a signed address has behind it. */
const sourceOf = ({ source }: Pull): string => source.replace(/[?#].*$/s, '');

export const createPullHandlers = ({ pulls, audit }: { pulls: Pulls; audit: RecordAudit }): PullHandlers => ({
  'pull/start': (asked) => {
    const pull = pulls.start(asked);
    audit({ type: 'pull.asked', subject: sourceOf(pull), details: { pull: pull.id, hosts: asked.hosts } });
    return { pull };
  },
  'pull/list': async () => {
    await pulls.recover();
    return { pulls: pulls.list() };
  },
  'pull/show': ({ pullId }) => ({ pull: pulls.show(pullId) }),
  'pull/cancel': async ({ pullId }) => ({ pull: await pulls.cancel(pullId) }),
  'pull/resume': ({ pullId, ...consent }) => {
    const pull = pulls.resume(pullId, consent);
    audit({ type: 'pull.asked', subject: sourceOf(pull), details: { pull: pull.id, hosts: consent.hosts } });
    return { pull };
  },
});
