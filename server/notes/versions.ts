import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { MAX_NOTE, OspainError } from '../../protocol/index.ts';
import type { Db } from '../storage/database.ts';

export interface KeptVersion {
  version: number;
  at: number;
}

/** The texts of notes: the one that stands, and some of those before it. Everything inside the caller's transaction. */
export interface Versions {
  keep(note: number, version: KeptVersion, text: string): void;
  /** Undefined when it is not kept (any more). */
  read(note: number, version: number): { at: number; text: string } | undefined;
  /** Newest first. */
  list(note: number): KeptVersion[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How close to each other versions are kept, by their age: all of the last hour, then one an hour, then one a day. */
const SPACING: ReadonlyArray<readonly [youngerThan: number, apart: number]> = [
  [HOUR, 0],
  [DAY, HOUR],
  [Number.POSITIVE_INFINITY, DAY],
];
const MOST = 100;
/** Bytes of one note's older versions as they are kept, the newest first. */
const MOST_BYTES = 20 * 1024 * 1024;

export function createVersions({ db }: { db: Db }): Versions {
  const insert = db.prepare<[number, number, number, Buffer]>(
    'INSERT INTO note_versions (note, version, at, deflated) VALUES (?, ?, ?, ?)',
  );
  const select = db.prepare<[number, number], { at: number; deflated: Buffer }>(
    'SELECT at, deflated FROM note_versions WHERE note = ? AND version = ?',
  );
  const list = db.prepare<[number], KeptVersion>(
    'SELECT version, at FROM note_versions WHERE note = ? ORDER BY version DESC',
  );
  const sizes = db.prepare<[number], KeptVersion & { bytes: number }>(
    'SELECT version, at, length(deflated) AS bytes FROM note_versions WHERE note = ? ORDER BY version DESC',
  );
  const drop = db.prepare<[number, number]>('DELETE FROM note_versions WHERE note = ? AND version = ?');

  return {
    keep(note, { version, at }, text) {
      insert.run(note, version, at, deflateRawSync(text, { level: 3 }));
      if (version === 1) return;
      for (const old of surplus(sizes.all(note), at)) drop.run(note, old);
    },
    read(note, version) {
      const row = select.get(note, version);
      return row && { at: row.at, text: inflate(row.deflated) };
    },
    list: (note) => list.all(note),
  };
}

/** Which of the versions, newest first, need not be kept any longer. The newest stays whatever it is. */
export function surplus(versions: ReadonlyArray<KeptVersion & { bytes: number }>, now: number): number[] {
  const [newest, ...older] = versions;
  let [kept, bytes, last] = [1, 0, newest?.at ?? now];
  return older.flatMap(({ version, at, bytes: size }) => {
    const apart = SPACING.find(([youngerThan]) => now - at < youngerThan)?.[1] ?? 0;
    const stays = last - at >= apart && kept < MOST && bytes + size <= MOST_BYTES;
    if (!stays) return [version];
    kept += 1;
    bytes += size;
    last = at;
    return [];
  });
}

function inflate(deflated: Buffer): string {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_NOTE }).toString();
  } catch (cause) {
    throw new OspainError('storage_corrupt', 'The text of a note is damaged.', {
      hint: 'Restore a backup of this workspace.',
      cause,
    });
  }
}
