import type { Readable } from 'node:stream';

/** Chunks that wait for the disk before the sender has to. */
const MOST_WAITING = 16;

/**
 * The bytes of a body, all that came also when it breaks off; a stream's own iterator drops what it holds then. It
 * listens from the call on, so that nothing happens unheard before the first chunk is asked for.
 */
export function chunksOf(body: Readable): AsyncIterable<Buffer> {
  const waiting: Buffer[] = [];
  let end: { error?: unknown } | undefined;
  let wake = () => {};
  const finish = (how: { error?: unknown }) => {
    end ??= how;
    wake();
  };
  body.on('data', (chunk: Buffer) => {
    if (waiting.push(chunk) >= MOST_WAITING) body.pause();
    wake();
  });
  body.once('end', () => finish({}));
  body.once('error', (error) => finish({ error }));
  body.once('close', () => finish({ error: new Error('closed early') }));
  if (body.destroyed) finish({ error: body.errored ?? new Error('closed early') });

  return (async function* () {
    for (;;) {
      const chunk = waiting.shift();
      if (chunk !== undefined) {
        if (waiting.length === 0) body.resume();
        yield chunk;
      } else if (end !== undefined) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  })();
}
