import type { Api, ApiOptions } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
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
  audit: RecordAudit;
}

export type ApiHandlers = Pick<Handlers, 'api/show' | 'api/start' | 'api/stop' | 'api/showToken' | 'api/rotateToken'>;

export function createApiHandlers({ api, token, audit }: ApiDeps): ApiHandlers {
  return {
    'api/show': () => ({ api: api.show() }),
    'api/start': async (options) => ({ api: await api.start(options) }),
    'api/stop': async () => {
      await api.stop();
      return {};
    },
    'api/showToken': async () => {
      await token.prepare();
      audit({ type: 'token.shown', subject: token.file });
      return { tokenFile: token.file };
    },
    'api/rotateToken': async () => {
      audit({ type: 'token.rotated', subject: token.file });
      await token.rotate();
      return { tokenFile: token.file };
    },
  };
}
