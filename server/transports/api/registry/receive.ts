import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Refusal } from '../refusal.ts';

export interface Receiving {
  /** The file that the bytes are appended to. */
  path: string;
  /** Bytes that are to come. */
  length: number;
  signal: AbortSignal;
  /** Milliseconds in which nothing may come before the connection is given up. */
  idleMs: number;
}

/**
 * Appends a body to a file, as fast as the disk takes it. What came before a failure stays. Rejects with `malformed` for
 * more bytes or fewer than announced, and with `storage_full`.
 */
export async function receive(raw: IncomingMessage, { path, length, signal, idleMs }: Receiving): Promise<void> {
  // A pipeline that fails takes the socket from its request, so that it can still be answered.
  const { socket } = raw;
  let received = 0;
  const file = createWriteStream(path, { flags: 'a' });
  const giveUp = () => void socket.destroy();
  socket.setTimeout(idleMs, giveUp);
  try {
    await pipeline(
      raw,
      async function* bounded(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          received += chunk.length;
          if (received > length) throw wrong(`The body has more than the ${length} bytes that it should have.`);
          yield chunk;
        }
      },
      file,
      { signal },
    );
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException;
    if (['ENOSPC', 'EDQUOT'].includes(code))
      throw new Refusal('storage_full', 'The disk of the registry is full.', { hint: 'Free some space there.' });
    if (thrown instanceof Refusal) throw thrown;
    signal.throwIfAborted();
    if (received < length && ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET'].includes(code)) throw ended(received, length);
    throw thrown;
  } finally {
    socket.setTimeout(0).off('timeout', giveUp);
    // What is still being written counts: the size of the file is where the next bytes belong.
    if (!file.closed) await once(file, 'close');
  }
  if (received < length) throw ended(received, length);
}

const ended = (received: number, length: number) => wrong(`The body ended after ${received} of ${length} bytes.`);
const wrong = (message: string): Refusal => new Refusal('malformed', message);
