import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ErrorCode, OspainError } from '../../protocol/index.ts';
import { resealAudit } from '../audit/head.ts';
import type { DatabasePlace } from '../storage/dataFolder.ts';
import { hasContent } from '../storage/fittingKey.ts';
import { whileReplacing } from '../storage/handover.ts';
import { rekeyDatabase } from '../storage/rekey.ts';
import { JOURNALS } from '../storage/replacement.ts';
import { guarded } from '../storage/storageErrors.ts';
import { databaseKey } from './derivation.ts';
import type { Keys } from './keys.ts';

export interface Moving {
  keys: Pick<Keys, 'keyOf' | 'root'>;
  place: DatabasePlace;
  /** How long other servers get to close the database. Milliseconds. */
  patienceMs?: number;
}

/** What became of the databases. */
export interface Moved {
  moved: number;
  /** Those that keep their key for now, and why. They open as before. */
  left: Array<{ path: string; code: ErrorCode }>;
}

/** Whether a database opens with another key than the one that the root secret gives it. Rejects as `keyOf` does. */
export const isBehind = async (keys: Pick<Keys, 'keyOf'>, place: DatabasePlace): Promise<boolean> =>
  hasContent(place.database) && (await keys.keyOf(place)).origin !== 'current';

/** Gives every database the key of the root secret, one after the other. This process must have closed them. */
export async function moveDatabases(keys: Keys): Promise<Moved> {
  const result: Moved = { moved: 0, left: [] };
  for (const place of keys.places())
    try {
      if (!(await isBehind(keys, place))) continue;
      await whileReplacing(place, () => moveDatabase({ keys, place }));
      result.moved += 1;
    } catch (thrown) {
      result.left.push({ path: place.database, code: OspainError.from(thrown).code });
    }
  return result;
}

/** Gives a database the key of the root secret, under the lock of opening or of replacing. */
export async function moveDatabase({ keys, place, patienceMs }: Moving): Promise<void> {
  const { hex96: from, origin } = await keys.keyOf(place);
  if (origin === 'current') return;
  const to = databaseKey(keys.root().secret, place.id);
  // The index is of the same key, and is made anew from the workspace. It is closed with the database.
  const index = join(place.folder, 'index.db');
  await rekeyDatabase({
    ...{ place, from, to, adapt: (db) => resealIfAny(db, from, to) },
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
  guarded(() => {
    for (const suffix of ['', ...JOURNALS]) rmSync(`${index}${suffix}`, { force: true });
  });
}

/** A database of an earlier version has no audit log yet. */
function resealIfAny(db: Parameters<typeof resealAudit>[0], from: string, to: string): void {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'audit_head'").get();
  if (table !== undefined) resealAudit(db, { from, to });
}
