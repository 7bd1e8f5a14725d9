import { createReadStream, type Stats, statSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { z } from 'zod';
import { type ErrorCode, OspainError, type Result, WireError } from '../../protocol/index.ts';
import type { Egress, Fetch, FetchOptions } from '../egress/egress.ts';
import { portOf, shown } from '../egress/hosts.ts';
import { type Clock, realClock, sleep } from './download/clock.ts';
import { readText } from './download/remoteJson.ts';
import { hashFile } from './fileHash.ts';

export interface SendRequest {
  /** Absolute. */
  path: string;
  name: string;
  version: string;
  alias?: string | undefined;
  /** Of the other registry. */
  url: string;
  token: string;
  signal: AbortSignal;
  /** Bytes that were read or sent, of twice the file. */
  onProgress(done: number, total: number): void;
}

/** Sends model files to registries of other machines. */
export interface Sender {
  /** Rejects with `invalid_params`, `not_found`, `egress_refused`, `fetch_failed`, `cancelled`, or the other one's error. */
  send(request: SendRequest): Promise<Result<'upload/send'>>;
}

/** Broken connections in a row that moved nothing. */
const PATIENCE = 6;
/** Before the second of them; doubles with each. Milliseconds. */
const FIRST_WAIT = 1000;

export function createSender({ egress, clock = realClock }: { egress: Egress; clock?: Clock }): Sender {
  return {
    async send(request) {
      const { path, name, version, alias, signal, onProgress } = request;
      const url = addressOf(request.url);
      const { size } = fileStats(path);
      let read = 0;
      const onBytes = (bytes: number) => {
        read += bytes;
        onProgress(read, 2 * size);
      };
      const { sha256 } = await hashFile(path, { signal, onBytes });
      const hosts = [`${url.hostname}:${portOf(url)}`];
      return egress.during({ purpose: `upload ${name} to ${url.host}`, hosts, signal }, async (fetch) => {
        const remote = createRemote(fetch, url, request.token);
        const announced = { version, bytes: size, sha256, fileName: basename(path), alias };
        const announcement = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(announced) };
        const answer = await sendAll({
          announce: () => remote.ask('POST', `/models/${name}/uploads`, announcement),
          look: (at) => remote.ask('GET', at),
          sendFrom: (at, offset) =>
            remote.ask(
              'PUT',
              at,
              rangeOf(path, offset, size, (sent) => onProgress(size + offset + sent, 2 * size)),
            ),
          wait: (ms) => sleep(clock, ms, signal),
        });
        const made = Made.safeParse(answer.body);
        if (!made.success) throw otherwise(url, answer.status);
        return { ...made.data, existed: answer.status === 200 };
      });
    },
  };
}

const Made = z.object({ name: z.string(), version: z.string(), sha256: z.string() });

interface Sending {
  announce(): Promise<Answer>;
  look(at: string): Promise<Answer>;
  sendFrom(at: string, offset: number): Promise<Answer>;
  wait(ms: number): Promise<void>;
}

/** Announces the file and sends what is missing, again and again while the connection breaks; resolves with the version. */
async function sendAll({ announce, look, sendFrom, wait }: Sending): Promise<Answer> {
  const begun = await announce();
  if (begun.status === 200) return begun;
  let at = begun.location;
  let there = begun.received;
  for (let failures = 0; ; ) {
    try {
      const answer = await sendFrom(at, there);
      if (answer.status !== 202) return answer;
    } catch (thrown) {
      const { code } = OspainError.from(thrown);
      if (!PASSING.includes(code) || failures === PATIENCE) throw thrown;
    }
    if (failures > 0) await wait(FIRST_WAIT * 2 ** (failures - 1));
    const before = there;
    try {
      there = (await look(at)).received;
    } catch (thrown) {
      const { code } = OspainError.from(thrown);
      if (code === 'not_found') {
        // It was finished, and the answer was lost; or the other one forgot it.
        const again = await announce();
        if (again.status === 200) return again;
        at = again.location;
        there = again.received;
      } else if (!PASSING.includes(code)) throw thrown;
    }
    failures = there > before ? 0 : failures + 1;
  }
}

/** What may be otherwise soon; `conflict`: more or less is there than was thought. */
const PASSING: readonly ErrorCode[] = ['fetch_failed', 'unavailable', 'conflict'];

function rangeOf(path: string, offset: number, size: number, onSent: (bytes: number) => void) {
  const type = { 'content-type': 'application/octet-stream' };
  if (offset >= size)
    return { headers: { ...type, 'content-range': `bytes */${size}`, 'content-length': '0' }, body: '' };
  const headers = { 'content-range': `bytes ${offset}-${size - 1}/${size}`, 'content-length': String(size - offset) };
  return { headers: { ...type, ...headers }, body: counted(path, offset, onSent) };
}

function counted(path: string, start: number, onSent: (bytes: number) => void): Readable {
  let sent = 0;
  const source = createReadStream(path, { start, highWaterMark: 1 << 20 });
  const through = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      sent += chunk.length;
      onSent(sent);
      next(null, chunk);
    },
  });
  source.once('error', (error) => through.destroy(error));
  through.once('close', () => source.destroy());
  return source.pipe(through);
}

interface Answer {
  status: number;
  /** Where an upload is; empty where none is said. */
  location: string;
  /** Bytes of an upload that are there. */
  received: number;
  body: unknown;
}

interface Remote {
  ask(method: 'GET' | 'POST' | 'PUT', path: string, options?: Pick<FetchOptions, 'headers' | 'body'>): Promise<Answer>;
}

/** The API of the other machine; its errors are thrown as they are. */
function createRemote(fetch: Fetch, url: URL, token: string): Remote {
  return {
    async ask(method, path, { headers = {}, body } = {}) {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { body }),
        redirects: 0,
      });
      const { status } = response;
      const answer = parse(await readText(response));
      if (status < 200 || status > 299) throw errorOf(url, status, answer);
      const { received = 0 } = Upload.safeParse(answer).data ?? {};
      return { status, location: String(response.headers.location ?? ''), received, body: answer };
    },
  };
}

const Upload = z.object({ received: z.number().int().min(0) });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function errorOf(url: URL, status: number, answer: unknown): OspainError {
  const wire = WireError.safeParse(answer);
  return wire.success ? OspainError.fromWire(wire.data) : otherwise(url, status);
}

const otherwise = (url: URL, status: number): OspainError =>
  new OspainError(status >= 500 ? 'fetch_failed' : 'fetch_denied', `${url.host} answered ${status}.`, {
    hint: 'Is that an OSPAiN2 of this version, with its API served to this machine (ospain2 serve --lan)?',
  });

function addressOf(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '') return url;
  throw new OspainError('invalid_params', `That is no address of a registry.`, {
    hint: `It has the form http://192.168.1.5:3100${url === null ? '' : `, not ${shown(url)}`}.`,
  });
}

function fileStats(path: string): Stats {
  const stats = isAbsolute(path) ? statSync(path, { throwIfNoEntry: false }) : undefined;
  if (stats?.isFile() === true && stats.size > 0) return stats;
  throw new OspainError('not_found', `There is no model file ${path}.`, { hint: 'Name a file, not an empty one.' });
}
