import { createHash } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OspainError } from '../../protocol/index.ts';
import { storageError } from '../storage/storageErrors.ts';
import { syncFile } from '../storage/sync.ts';

export interface Hashing {
  signal?: AbortSignal | undefined;
  /** Hears how many bytes went by since it last heard. */
  onBytes?: ((bytes: number) => void) | undefined;
}

export interface Hashed {
  sha256: string;
  bytes: number;
}

/** Bytes read at a time. */
const CHUNK = 1 << 20;

/** Reads a whole file. Rejects with `signal.reason`, or as the file system does. */
export async function hashFile(path: string, { signal, onBytes }: Hashing = {}): Promise<Hashed> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    bytes += chunk.length;
    onBytes?.(chunk.length);
  }
  return { sha256: hash.digest('hex'), bytes };
}

/**
 * Copies a file to a name that is free and tells what the copy holds; it is on the disk then. Where the file system can
 * share blocks, nothing is copied. Rejects with `storage_full` before it writes what has no room.
 */
export async function copyHashed(from: string, to: string, bytes: number, hashing: Hashing = {}): Promise<Hashed> {
  if (await cloned(from, to)) {
    await chmod(to, 0o600);
    syncFile(to);
    return hashFile(to, hashing);
  }
  const { signal, onBytes } = hashing;
  await assertRoom(dirname(to), bytes);
  const hash = createHash('sha256');
  let copied = 0;
  async function* hashed(chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      hash.update(chunk);
      copied += chunk.length;
      onBytes?.(chunk.length);
      yield chunk;
    }
  }
  await pipeline(
    createReadStream(from, { highWaterMark: CHUNK }),
    hashed,
    createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true, highWaterMark: CHUNK }),
    { signal },
  ).catch((thrown: unknown) => {
    signal?.throwIfAborted();
    throw thrown;
  });
  return { sha256: hash.digest('hex'), bytes: copied };
}

async function cloned(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch {
    // Not this file system, or two of them; whatever else it may be, copying says it better.
    await rm(to, { force: true });
    return false;
  }
}

/** Throws `storage_full` when a folder's disk has less room than that many bytes. */
export async function assertRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder).catch((thrown: unknown) => {
    throw storageError(thrown);
  });
  const free = bavail * bsize;
  if (bytes <= free) return;
  const gigabytes = (count: number) => (count / 1e9).toFixed(count < 1e8 ? 3 : 1);
  throw new OspainError(
    'storage_full',
    `The disk of the model store is too full: ${gigabytes(bytes)} GB are needed, ${gigabytes(free)} GB are free.`,
    { hint: 'Remove models that you do not need, or set OSPAIN2_DATA_DIR to a folder on a larger disk.' },
  );
}
