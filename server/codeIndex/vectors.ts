import { createRequire } from 'node:module';
import type { Db } from '../storage/database.ts';

/**
 * A text's direction as signed bytes, which take a quarter of the room: scaled so that its largest number is 127. Two of
 * them are compared by their angle, so that the scale does not matter.
 */
export function bytesOf(vector: readonly number[]): Int8Array {
  const most = Math.max(...vector.map(Math.abs), Number.MIN_VALUE);
  return Int8Array.from(vector, (value) => Math.round((value / most) * 127));
}

/** Chunks by how near their direction is to this one, the nearest first. */
export function nearestChunks(db: Db, vector: Int8Array, limit: number): number[] {
  loadVectors(db);
  const bytes = Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
  return db
    .prepare<[{ bytes: Buffer; size: number; limit: number }], { id: number }>(
      `SELECT id FROM chunks WHERE vector IS NOT NULL AND length(vector) = @size
       ORDER BY vec_distance_cosine(vec_int8(vector), vec_int8(@bytes)) LIMIT @limit`,
    )
    .all({ bytes, size: bytes.length, limit })
    .map(({ id }) => id);
}

const loaded = new WeakSet<Db>();

/** Loads sqlite-vec into a connection, once. */
function loadVectors(db: Db): void {
  if (loaded.has(db)) return;
  const { getLoadablePath } = createRequire(import.meta.url)('sqlite-vec') as typeof import('sqlite-vec');
  db.loadExtension(getLoadablePath());
  loaded.add(db);
}
