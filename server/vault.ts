import { join } from 'node:path';
import { type KeptKey, OspainError } from '../protocol/index.ts';
import { createKeys, type FoundKey, type Keys } from './keys/keys.ts';
import { moveDatabase } from './keys/rotation.ts';
import type { Log } from './log.ts';
import type { ApiToken } from './storage/apiToken.ts';
import { type DatabasePlace, type DataFolder, workspacePlaces } from './storage/dataFolder.ts';
import { hasContent } from './storage/fittingKey.ts';
import { createHubSessions } from './storage/hubSessions.ts';

interface VaultOptions {
  location: DataFolder;
  /** The database of the models. */
  registry: DatabasePlace;
  env: NodeJS.ProcessEnv;
  log: Log;
}

/** The keys of this user, as the databases of one server are opened with them. */
export interface Vault {
  readonly keys: Keys;
  /** The key of a database, under the lock of opening; one that a rotation left behind is moved now, if nobody has it open. */
  find(place: DatabasePlace): Promise<FoundKey>;
  /** What a person is told of the key of a database that is open. */
  describe(of: KeptKey['of'], place: DatabasePlace, origin: FoundKey['origin']): KeptKey;
  /** Makes anew what else lets somebody in, in all workspaces. */
  renew(token: ApiToken, now: () => number): Promise<void>;
  wipe(): void;
}

export async function createVault({ location, registry, env, log }: VaultOptions): Promise<Vault> {
  const { root } = location;
  const keys = await createKeys({
    ...{ root, env },
    places: () => [...(hasContent(registry.database) ? [registry] : []), ...workspacePlaces(root)],
  });
  return {
    keys,
    async find(place) {
      const found = await keys.keyOf(place);
      if (found.origin !== 'former') return found;
      try {
        await moveDatabase({ keys, place, patienceMs: 0 });
        return await keys.keyOf(place);
      } catch (thrown) {
        // It opens as before, and is moved another time.
        log.warn(`a database keeps its earlier key: ${OspainError.from(thrown).code}`);
        return keys.keyOf(place);
      }
    },
    describe(of, place, origin) {
      const { store, name } = keys.root().file;
      // One of its own was found in its file or else in the keyring.
      if (origin === 'own')
        return hasContent(place.key) ? { of, store: 'file', file: place.key } : { of, store: 'keyring', file: null };
      return { of, store, file: store === 'file' ? keys.secrets.fileOf(name) : null };
    },
    async renew(token, now) {
      if (token.read() !== null) await token.rotate();
      for (const { folder } of workspacePlaces(root))
        await createHubSessions(join(folder, 'hub-sessions.json'), now).endAll();
    },
    wipe: keys.dispose,
  };
}
