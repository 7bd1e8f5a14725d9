import type { ParsedParams, Result } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';

/** The carrier for browsers, which the composition root holds. */
export interface HubControl {
  openHub(options: ParsedParams<'hub/open'>): Promise<Result<'hub/open'>>;
  signOutHubs(): Promise<number>;
}

export type HubHandlers = Pick<Handlers, 'hub/open' | 'hub/signOut'>;

export function createHubHandlers({ api }: { api: HubControl }): HubHandlers {
  return {
    'hub/open': (options) => api.openHub(options),
    'hub/signOut': async () => ({ sessions: await api.signOutHubs() }),
  };
}
