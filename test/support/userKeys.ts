import { createKeys, type Keys } from '../../server/keys/keys.ts';
import type { SecretStoreOptions } from '../../server/keys/secretStore.ts';
import { modelFolder } from '../../server/models/modelFolder.ts';
import { workspacePlaces } from '../../server/storage/dataFolder.ts';
import { hasContent } from '../../server/storage/fittingKey.ts';

/** The keys of a data folder, as a server has them. */
export const userKeys = (options: SecretStoreOptions): Promise<Keys> =>
  createKeys({
    ...options,
    places: () =>
      [modelFolder(options), ...workspacePlaces(options.root)].filter(({ database }) => hasContent(database)),
  });
