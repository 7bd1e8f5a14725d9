import { Readable } from 'node:stream';
import type { FetchLike } from '@modelcontextprotocol/client';
import { OspainError } from '../../protocol/index.ts';
import type { Fetch } from '../egress/egress.ts';
import type { FetchResponse } from '../egress/exchange.ts';
import { onThisMachine } from '../egress/thisMachine.ts';
import type { McpLimits } from './limits.ts';

/** Asks a server on this machine. It may not lead anywhere else. */
export const localFetch =
  (limits: McpLimits): FetchLike =>
  async (url, init = {}) => {
    const method = init.method ?? 'GET';
    if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') return new Response(null, { status: 405 });
    const answer = await onThisMachine({ url: new URL(url), method, ...partsOf(init) });
    if (answer.headers.location === undefined) return asResponse(answer, limits);
    answer.body.destroy();
    throw elsewhere(url);
  };

/** Asks another machine, within what a person agreed to. */
export const remoteFetch =
  (egress: Fetch, limits: McpLimits): FetchLike =>
  async (url, init = {}) => {
    const method = init.method ?? 'GET';
    // That a session is over the server notices by itself.
    if (method !== 'GET' && method !== 'POST') return new Response(null, { status: 405 });
    return asResponse(await egress(new URL(url), { method, redirects: 0, ...partsOf(init) }), limits);
  };

const partsOf = (init: RequestInit) => ({
  headers: Object.fromEntries(new Headers(init.headers)),
  ...(typeof init.body === 'string' && { body: init.body }),
  ...(init.signal && { signal: init.signal }),
});

function asResponse({ status, headers, body }: FetchResponse, limits: McpLimits): Response {
  const kept = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) kept.set(name, String(value));
  if ([204, 205, 304].includes(status)) {
    body.resume();
    return new Response(null, { status, headers: kept });
  }
  return bounded(new Response(Readable.toWeb(body) as ReadableStream, { status, headers: kept }), limits);
}

const elsewhere = (url: string | URL): OspainError =>
  new OspainError('egress_refused', `${new URL(url).host} leads somewhere else.`);

/** An answer, or one event of a stream, may have so many bytes; past them the reading fails. */
function bounded(response: Response, { messageBytes }: McpLimits): Response {
  if (response.body === null) return response;
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  let size = 0;
  const measure = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      // A blank line ends an event. One cut in two between chunks is missed, which only makes the bound tighter.
      const end = isStream ? lastBreak(chunk) : -1;
      size = end < 0 ? size + chunk.length : chunk.length - end;
      if (size > messageBytes) controller.error(new OspainError('too_large', 'It sent a message that is too large.'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(measure), { status, statusText, headers });
}

function lastBreak(chunk: Uint8Array): number {
  for (let at = chunk.length - 1; at > 0; at--)
    if (chunk[at] === 10 && (chunk[at - 1] === 10 || chunk[at - 1] === 13)) return at;
  return -1;
}
