import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../../server/models/download/clock.ts';
import {
  type DownloadEvent,
  type Downloaded,
  type DownloadOptions,
  download,
} from '../../../../server/models/download/download.ts';
import { egressBench } from '../../egress/workbench.ts';

/** Bytes that look random and are the same each time. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Answers as a file server that knows ranges; `etag` names the state of the content. */
export function serveFile(request: IncomingMessage, response: ServerResponse, content: Buffer, etag = '"one"'): void {
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const from = Number(start ?? 0);
  const ifRange = request.headers['if-range'];
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (start === undefined || (ifRange !== undefined && ifRange !== etag)) {
    response.writeHead(200, { ...headers, 'content-length': content.length }).end(content);
  } else if (from >= content.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${content.length}` }).end();
  } else {
    const range = `bytes ${from}-${content.length - 1}/${content.length}`;
    const length = content.length - from;
    response
      .writeHead(206, { ...headers, 'content-range': range, 'content-length': length })
      .end(content.subarray(from));
  }
}

/** Sends what `serveFile` would, and cuts the connection behind some bytes of the body. */
export function dropAfter(
  bytes: number,
  request: IncomingMessage,
  response: ServerResponse,
  content: Buffer,
  etag?: string,
): void {
  const end = response.end.bind(response);
  response.end = ((body?: Buffer) => {
    if (body === undefined || body.length <= bytes) return end(body);
    response.write(body.subarray(0, bytes), () => response.socket?.destroy());
    return response;
  }) as typeof response.end;
  serveFile(request, response, content, etag);
}

/** A wait that nothing else asks for, so that the test's clock can tell it. */
export const STALL = 20_000;

/** Waits are over at once, and are written down; silence is as long as the test wants. */
export function testClock(stallMs = STALL): Clock & { waits: number[]; stall(): void } {
  const waits: number[] = [];
  let stalled: (() => void) | undefined;
  let at = 0;
  return {
    waits,
    stall: () => stalled?.(),
    // So late each time that every progress is reported.
    now: () => (at += 200),
    after(ms, run) {
      if (ms === stallMs) {
        stalled = run;
        return () => {
          stalled = undefined;
        };
      }
      waits.push(ms);
      const soon = setImmediate(run);
      return () => clearImmediate(soon);
    },
  };
}

export interface Fetched {
  result: Downloaded;
  events: DownloadEvent[];
  clock: ReturnType<typeof testClock>;
}

type Wanted = Omit<DownloadOptions, 'fetch' | 'url' | 'name'> & { url: string; name?: string };

export const freshEvents = (): DownloadEvent[] => [];

/** A download of `model.gguf` by the real way out, on the test's clock. */
export async function get(wanted: Wanted, events = freshEvents(), clock = testClock()): Promise<Fetched> {
  const url = new URL(wanted.url);
  const { egress } = egressBench();
  const action = { purpose: 'test', hosts: [url.host] };
  const result = await egress.during(action, (fetch) =>
    download({
      name: 'model.gguf',
      clock,
      onEvent: (event) => events.push(event),
      ...wanted,
      limits: { stallMs: STALL, ...wanted.limits },
      url,
      fetch,
    }),
  );
  return { result, events, clock };
}
