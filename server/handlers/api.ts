import type { Api, ApiOptions } from '../../protocol/index.ts';
import type { Handlers } from '../dispatch.ts';
import type { ApiToken } from '../storage/apiToken.ts';

/** The carrier for other programs, which the composition root holds. */
export interface ApiControl {
  show(): Api | null;
  start(options: ApiOptions): Promise<Api>;
  stop(): Promise<void>;
}

interface ApiDeps {
  api: ApiControl;
  token: Pick<ApiToken, 'file' | 'prepare' | 'rotate'>;
}

export type ApiHandlers = Pick<Handlers, 'api/show' | 'api/start' | 'api/stop' | 'api/showToken' | 'api/rotateToken'>;

export function createApiHandlers({ api, token }: ApiDeps): ApiHandlers {
  return {
    'api/show': () => ({ api: api.show() }),
    'api/start': async (options) => ({ api: await api.start(options) }),
    'api/stop': async () => {
      await api.stop();
      return {};
    },
    'api/showToken': async () => {
      await token.prepare();
      return { tokenFile: token.file };
    },
    'api/rotateToken': async () => {
      await token.rotate();
      return { tokenFile: token.file };
    },
  };
}
