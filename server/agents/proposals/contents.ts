import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { OspainError } from '../../../protocol/index.ts';
import type { Db } from '../../storage/database.ts';
import { MAX_FILE } from '../fileText.ts';

/** The SHA-256 of a text in UTF-8; null where there is no file. */
export type ContentHash = Buffer | null;

/**
 * The texts that proposals, drafts and written edits name by their hashes, each kept once, so that the database grows with
 * what changes: a file in many edits costs one row, and a file that nobody edits none. Everything inside the caller's
 * transaction.
 */
export interface Contents {
  /** Keeps a text, if it is not there yet. */
  keep(text: string | null): ContentHash;
  /** The text, byte for byte. Throws `storage_corrupt` when it is not there or not what its hash says. */
  read(hash: ContentHash): string | null;
  /** Drops the texts that nothing names any more. */
  collect(): void;
}

export function createContents({ db }: { db: Db }): Contents {
  const there = db.prepare<[Buffer]>('SELECT 1 FROM contents WHERE hash = ?');
  const insert = db.prepare<[Buffer, Buffer]>('INSERT INTO contents (hash, deflated) VALUES (?, ?)');
  const select = db.prepare<[Buffer], Buffer>('SELECT deflated FROM contents WHERE hash = ?').pluck();
  const collect = db.prepare(
    `DELETE FROM contents WHERE hash NOT IN (SELECT hash FROM named_contents WHERE hash IS NOT NULL)`,
  );

  return {
    keep(text) {
      if (text === null) return null;
      const bytes = Buffer.from(text);
      const hash = hashOf(bytes);
      if (there.get(hash) === undefined) insert.run(hash, deflateRawSync(bytes));
      return hash;
    },
    read(hash) {
      if (hash === null) return null;
      const deflated = select.get(hash);
      const bytes = deflated && inflate(deflated);
      if (bytes && hashOf(bytes).equals(hash)) return bytes.toString();
      throw new OspainError('storage_corrupt', 'A text of a proposal is damaged.', {
        hint: 'Restore a backup of this workspace, or do the task again.',
      });
    },
    collect: () => void collect.run(),
  };
}

const hashOf = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Never more than a file may have, whatever the database says. */
function inflate(deflated: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(deflated, { maxOutputLength: MAX_MARKED });
  } catch {
    return undefined;
  }
}

/** A text with the markers of conflicts holds a file three times at most. Bytes. */
const MAX_MARKED = 4 * MAX_FILE;
