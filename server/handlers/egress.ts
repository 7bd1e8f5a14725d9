import type { Handlers } from '../dispatch.ts';
import type { EgressLog } from '../egress/log.ts';

export const createEgressHandlers = ({ log }: { log: Pick<EgressLog, 'list'> }): Pick<Handlers, 'egress/list'> => ({
  'egress/list': ({ limit }) => ({ entries: log.list(limit) }),
});
