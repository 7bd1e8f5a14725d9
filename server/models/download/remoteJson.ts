import type { z } from 'zod';
import { OspainError } from '../../../protocol/index.ts';
import type { Fetch } from '../../egress/egress.ts';
import { type FetchResponse, failure } from '../../egress/exchange.ts';
import { shown } from '../../egress/hosts.ts';
import { type Clock, realClock, sleep } from './clock.ts';
import { mayPass, retryAfter, statusError } from './statusError.ts';

export interface RemoteOptions {
  fetch: Fetch;
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
}

const MOST_BYTES = 8 * 1024 * 1024;
const TIMEOUT = 30_000;
const TRIES = 3;
const LONGEST_WAIT = 60_000;

export interface RemoteJson<T> {
  value: T;
  headers: FetchResponse['headers'];
}

/** A JSON document from another machine, checked and of bounded size. Throws as `download` does. */
export async function fetchJson<T>(
  url: URL,
  schema: z.ZodType<T>,
  headers: Readonly<Record<string, string>>,
  options: RemoteOptions,
): Promise<RemoteJson<T>> {
  const response = await ask(url, 'GET', { accept: 'application/json', ...headers }, options);
  const text = await readText(response);
  try {
    return { value: schema.parse(JSON.parse(text)), headers: response.headers };
  } catch (cause) {
    throw new OspainError('content_differs', `${shown(url)} is not what was asked for.`, {
      hint: 'Check that the address is that of the service itself.',
      cause,
    });
  }
}

/** Asks, and again where that may help; an answer with another status than a good one is thrown. */
export async function ask(
  url: URL,
  method: 'GET' | 'HEAD',
  headers: Readonly<Record<string, string>>,
  { fetch, signal, clock = realClock }: RemoteOptions,
): Promise<FetchResponse> {
  for (let left = TRIES; ; ) {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
    // What another place says of a file is taken as it is: a HEAD is answered by the place itself.
    const redirects = method === 'HEAD' ? { redirects: 0 } : {};
    const response = await fetch(url, { method, headers, signal: either, ...redirects });
    const { status } = response;
    if (status === 200 || (method === 'HEAD' && status < 400)) return response;
    response.body.destroy();
    left -= 1;
    const wait = retryAfter(response.headers, Date.now()) ?? 1000;
    if (left === 0 || !mayPass(status) || wait > LONGEST_WAIT) throw statusError(url, status, response.headers);
    await sleep(clock, wait, signal);
  }
}

/** The text of an answer, of bounded size. */
export async function readText({ body, url }: FetchResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES)
        throw new OspainError('content_differs', `${shown(url)} answers more than anybody asked for.`);
      chunks.push(chunk);
    }
  } catch (thrown) {
    throw failure(thrown, url);
  }
  return Buffer.concat(chunks).toString('utf8');
}
