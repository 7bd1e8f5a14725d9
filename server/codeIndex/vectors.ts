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

/** Loads sqlite-vec into a connection, once. Only where `canCompare`. */
export function loadVectors(db: Db): void {
  if (loaded.has(db)) return;
  if (extension === undefined) throw new Error('sqlite-vec is not there for this platform');
  db.loadExtension(extension);
  loaded.add(db);
}

/** Whether directions can be compared here: sqlite-vec is not made for every platform. */
export const canCompare = (): boolean => extension !== undefined;

const extension = fileOf(`${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);

function fileOf(platform: string): string | undefined {
  const ends: Readonly<Record<string, string>> = { win32: 'dll', darwin: 'dylib' };
  try {
    return createRequire(import.meta.url).resolve(`sqlite-vec-${platform}/vec0.${ends[process.platform] ?? 'so'}`);
  } catch {
    return undefined;
  }
}
