import type { Handlers } from '../dispatch.ts';
import type { Registry } from '../models/registry.ts';
import type { Sender } from '../models/sender.ts';
import type { Uploads } from '../models/uploads.ts';
import { progressOf } from './progress.ts';

type UploadHandlers = Pick<
  Handlers,
  'upload/start' | 'upload/show' | 'upload/finish' | 'upload/cancel' | 'upload/send'
>;

interface UploadDeps {
  uploads: Uploads;
  registry: Registry;
  sender: Sender;
}

export function createUploadHandlers({ uploads, registry, sender }: UploadDeps): UploadHandlers {
  return {
    'upload/start': async (asked) => ({ upload: await uploads.start(asked) }),
    'upload/show': ({ uploadId }) => ({ upload: uploads.show(uploadId) }),
    'upload/finish': async ({ uploadId }, { signal }) => {
      const { existed, ...key } = await uploads.finish(uploadId, signal);
      return { model: registry.describe(key).model, existed };
    },
    'upload/cancel': ({ uploadId }) => {
      uploads.cancel(uploadId);
      return {};
    },
    'upload/send': ({ requestId, ...asked }, call) =>
      sender.send({ ...asked, signal: call.signal, onProgress: progressOf(requestId, call) }),
  };
}
