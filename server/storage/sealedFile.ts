import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, readSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** What opens a sealed file, and tells whether it is still as it was. */
export interface Seal {
  key: Buffer;
  tag: Buffer;
}

const CIPHER = 'aes-256-gcm';
/** Each key enciphers one file, so the nonce need not differ: NIST SP 800-38D, 8. */
const NONCE = Buffer.alloc(12);
/** Bytes at a time; as many hold this thread for about a millisecond. */
const PIECE = 1 << 20;

/*
 * The plain side is a file in memory. No stream of Node is put over its descriptor: one that fails closes it, whatever it
 * was told, and the next file that is opened would get the number.
 */

/** Enciphers the first `bytes` of an open file into a new one for this user alone, with a key of its own. Leaves nothing when it fails. */
export async function seal(from: number, bytes: number, path: string): Promise<Seal> {
  const key = randomBytes(32);
  const cipher = createCipheriv(CIPHER, key, NONCE);
  try {
    await pipeline(() => piecesOf(from, bytes), cipher, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (thrown) {
    await rm(path, { force: true });
    throw thrown;
  }
  return { key, tag: cipher.getAuthTag() };
}

/** Writes what was sealed to the beginning of an open file. Rejects for a file that is not as it was; what was written by then is worth nothing. */
export async function unseal(path: string, { key, tag }: Seal, to: number): Promise<void> {
  const decipher = createDecipheriv(CIPHER, key, NONCE).setAuthTag(tag);
  await pipeline(
    createReadStream(path, { highWaterMark: PIECE }),
    decipher,
    async (pieces: AsyncIterable<Buffer>): Promise<void> => {
      let at = 0;
      for await (const piece of pieces) at += write(to, piece, at);
    },
  );
}

async function* piecesOf(file: number, bytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, bytes - at));
    const read = readSync(file, piece, 0, piece.length, at);
    if (read === 0) throw new Error('The file is shorter than it was said to be.');
    yield piece.subarray(0, read);
    at += read;
  }
}

function write(file: number, piece: Buffer, at: number): number {
  for (let done = 0; done < piece.length; ) done += writeSync(file, piece, done, piece.length - done, at + done);
  return piece.length;
}
