import { existsSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import type { DatabasePlace } from '../storage/dataFolder.ts';
import { withFileLock } from '../storage/fileLock.ts';
import { hasContent } from '../storage/fittingKey.ts';
import { whileReplacing } from '../storage/handover.ts';
import { JOURNALS } from '../storage/replacement.ts';
import { codeOf, guarded } from '../storage/storageErrors.ts';
import { syncFolder } from '../storage/sync.ts';
import type { Keys } from './keys.ts';

/** What is where now. */
export interface SetAside {
  from: string;
  to: string;
}

/**
 * For who has lost a key: renames what nothing opens any more, so that OSPAiN2 starts afresh. Nothing is deleted; put back
 * under the old names, with the key, it is readable again. This process must have closed the databases.
 */
export async function setAside(keys: Keys, now: () => number): Promise<SetAside[]> {
  const stamp = new Date(now()).toISOString().replace(/[-:.]/g, '');
  const moved: SetAside[] = [];
  const move = (from: string, to: string) => {
    if (!existsSync(from)) return;
    if (existsSync(to)) throw new OspainError('conflict', `There is a ${to} already; nothing was moved over it.`);
    guarded(() => renameSync(from, to));
    moved.push({ from, to });
  };
  const lost: DatabasePlace[] = [];
  for (const place of keys.places()) if (hasContent(place.database) && !(await opens(keys, place))) lost.push(place);
  if (keys.state() !== 'open')
    await withFileLock(`${keys.path}.lock`, async () => {
      move(keys.path, keys.path.replace(/\.json$/, `.lost-${stamp}.json`));
      guarded(() => syncFolder(dirname(keys.path)));
    });
  for (const place of lost)
    await whileReplacing(place, async () => {
      const { database, folder } = place;
      const kept = database.replace(/\.db$/, `.lost-${stamp}.db`);
      // Its journal first: it must be away before another database comes.
      for (const suffix of JOURNALS) move(`${database}${suffix}`, `${kept}${suffix}`);
      move(database, kept);
      // A key of its own that does not open it may open it yet.
      move(place.key, `${place.key}.lost-${stamp}`);
      guarded(() => syncFolder(folder));
    });
  await keys.load();
  return moved;
}

/** By any key that is here; a damaged one is none of ours to move. */
async function opens(keys: Keys, place: DatabasePlace): Promise<boolean> {
  if (keys.state() !== 'open') return false;
  try {
    await keys.keyOf(place);
    return true;
  } catch (thrown) {
    if (OspainError.from(thrown).code === 'key_wrong') return false;
    if (codeOf(thrown) === undefined) return true;
    throw thrown;
  }
}
