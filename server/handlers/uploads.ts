import type { Handlers } from '../dispatch.ts';
import type { Registry } from '../models/registry.ts';
import type { Uploads } from '../models/uploads.ts';

type UploadHandlers = Pick<Handlers, 'upload/start' | 'upload/show' | 'upload/finish' | 'upload/cancel'>;

export function createUploadHandlers({ uploads, registry }: { uploads: Uploads; registry: Registry }): UploadHandlers {
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
  };
}
