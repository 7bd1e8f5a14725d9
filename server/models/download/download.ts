import { statfs } from 'node:fs/promises';
import { uptime } from 'node:os';
import { OspainError } from '../../../protocol/index.ts';
import type { Fetch } from '../../egress/egress.ts';
import { failure } from '../../egress/exchange.ts';
import { chunksOf } from './chunks.ts';
import { type Clock, cancelled, createWatch, realClock, sleep } from './clock.ts';
import { assertFileName } from './fileName.ts';
import { takeFinished, withDownloadLock } from './finished.ts';
import { createMeter, type Progress } from './meter.ts';
import { openPart, type PartFile, pathsOf } from './partFile.ts';
import { addressOf } from './sidecar.ts';
import { differing, isResumable, judge, type Known, type RestartReason, rangeHeaders } from './verdict.ts';

export interface DownloadOptions {
  url: URL;
  /** A folder of this user's own, on the disk where the file will stay. */
  into: string;
  /** Of the file in that folder. */
  name: string;
  /** Of the whole file, as whoever named it says. */
  bytes?: number;
  /** Hexadecimal; what the file must have. */
  sha256?: string;
  /** Sent with each request, and to no other origin. */
  headers?: Readonly<Record<string, string>>;
  /** Of an action that a person agreed to. */
  fetch: Fetch;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  onEvent?: (event: DownloadEvent) => void;
  limits?: Partial<DownloadLimits>;
  clock?: Clock;
  /** Bytes that a folder's disk has for this user. */
  freeBytes?: (folder: string) => Promise<number>;
}

export type DownloadEvent =
  | { type: 'resumed'; at: number }
  | { type: 'restarted'; reason: RestartReason }
  | { type: 'waiting'; ms: number; why: string };

export interface DownloadLimits {
  /** Milliseconds without a byte, after which a connection is given up. */
  stallMs: number;
  /** Tries after one that was cut off, as long as they bring next to nothing. */
  retries: number;
  /** The longest wait, in milliseconds, that a host may ask for. */
  maxWaitMs: number;
  /** Bytes of the disk to leave to others. */
  reserveBytes: number;
}

export interface Downloaded {
  path: string;
  bytes: number;
  sha256: string;
}

const DEFAULTS: DownloadLimits = { stallMs: 30_000, retries: 6, maxWaitMs: 300_000, reserveBytes: 64 * 1024 * 1024 };
/** Bytes after which a try was worth it. */
const PROGRESS = 64 * 1024;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;

/**
 * Fetches a file, whole or not at all, and goes on where an earlier try stopped, whatever ended that. The file is named
 * when it is on the disk and its content was hashed. Throws `not_found`, `fetch_denied`, `fetch_failed` when tries are
 * used up, `content_differs`, `egress_refused`, `conflict` while another process fetches it, `cancelled`, and errors of
 * storage; after all but `content_differs` the part stays for the next try.
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const { url, into, name, signal, clock = realClock, onEvent = () => {} } = options;
  assertFileName(name);
  const sha256 = options.sha256?.toLowerCase();
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256))
    throw new OspainError('invalid_params', 'A sha256 has 64 hexadecimal digits.');
  const limits = { ...DEFAULTS, ...options.limits };
  const paths = pathsOf(into, name);
  const wanted = { ...addressOf(url), sha256, bytes: options.bytes };

  return withDownloadLock(paths, async () => {
    const finished = await takeFinished(paths, wanted);
    if (finished !== undefined) return finished;
    await using part = await openPart(paths, wanted, Date.now() - uptime() * 1000);
    const meter = createMeter(clock.now, options.onProgress ?? (() => {}));
    const restart = async (reason: RestartReason) => {
      await part.restart();
      onEvent({ type: 'restarted', reason });
    };
    const room = (bytes: number) => assertRoom(into, bytes + limits.reserveBytes, options.freeBytes ?? freeBytes);
    const tryOnce = () => attempt({ options, part, meter, clock, limits, restart, room });

    let failures = 0;
    let isFresh = false;
    meter.begin(part.position, part.known.bytes);
    for (;;) {
      if (part.position === 0 || part.position !== part.known.bytes) {
        const before = part.position;
        const setback = await tryOnce();
        if (setback !== undefined) {
          failures = part.position - before >= PROGRESS ? 1 : failures + 1;
          if (failures > limits.retries || (setback.ms ?? 0) > limits.maxWaitMs) throw givenUp(part, setback);
          const ms = setback.ms ?? Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT);
          onEvent({ type: 'waiting', ms, why: setback.error.message });
          await sleep(clock, ms, signal);
          continue;
        }
      }
      const found = part.digest();
      if (sha256 === undefined || found === sha256) {
        await part.finish();
        meter.end(part.position, part.position);
        return { path: paths.whole, bytes: part.position, sha256: found };
      }
      // Parts of two contents may have been joined: one more try, of one piece.
      if (part.isOnePiece || isFresh) {
        await part.discard();
        throw differing(`${url.hostname} gave other bytes than were announced (sha256 ${found})`);
      }
      isFresh = true;
      await restart('damaged');
    }
  });
}

/** Why a try ended early, and how long the host wants to be left alone. */
interface Setback {
  error: OspainError;
  ms?: number | undefined;
}

interface Attempt {
  options: DownloadOptions;
  part: PartFile;
  meter: ReturnType<typeof createMeter>;
  clock: Clock;
  limits: DownloadLimits;
  restart(reason: RestartReason): Promise<void>;
  room(bytes: number): Promise<void>;
}

/** One request and its body. Undefined: all of it came. */
async function attempt(of: Attempt): Promise<Setback | undefined> {
  const { options, part, meter, clock, limits, restart, room } = of;
  const { url, signal } = options;
  if (signal?.aborted === true) throw cancelled();
  const known = (): Known => ({
    ...{ etag: undefined, lastModified: undefined, bytes: undefined, sha256: undefined },
    ...part.known,
    position: part.position,
    announced: options.bytes,
  });
  if (part.position > 0 && !isResumable(known())) await restart('noValidator');
  if (part.known.bytes !== undefined) await room(part.known.bytes - part.position);

  const silent = () => new OspainError('fetch_failed', `${url.hostname} sent nothing for ${limits.stallMs / 1000} s.`);
  const watch = createWatch(clock, limits.stallMs, silent);
  const either = signal === undefined ? watch.signal : AbortSignal.any([signal, watch.signal]);
  try {
    const headers = { ...options.headers, ...rangeHeaders(known()) };
    const response = await options.fetch(url, { headers, signal: either });
    const { body } = response;
    const chunks = chunksOf(body);
    try {
      const verdict = judge(url, response.status, response.headers, known(), Date.now());
      if (verdict.do === 'wait') return verdict;
      if (verdict.do === 'finish') return undefined;
      if (verdict.do === 'restart') {
        await restart(verdict.reason);
        return { error: new OspainError('fetch_failed', `${url.hostname} has another file now.`) };
      }
      const { from, total } = verdict;
      if (verdict.reason !== undefined) await restart(verdict.reason);
      if (from > 0) options.onEvent?.({ type: 'resumed', at: from });
      await room((total ?? 0) - from);
      const { etag, 'last-modified': lastModified } = response.headers;
      await part.begin({ etag, lastModified, bytes: total });
      meter.begin(part.position, total);
      for await (const chunk of chunks) {
        if (total !== undefined && part.position + chunk.length > total) throw await tooLong(part, url, total);
        // Nobody knows how much is to come.
        if (total === undefined) await room(chunk.length);
        await part.write(chunk);
        watch.touch();
        meter.update(part.position, total);
      }
      if (total === undefined || part.position === total) return undefined;
      throw new OspainError('fetch_failed', `${url.hostname} ended the file early.`);
    } finally {
      body.destroy();
    }
  } catch (thrown) {
    const error = failure(thrown, url, either);
    if (error.code !== 'fetch_failed') throw error;
    return { error };
  } finally {
    watch.stop();
  }
}

async function tooLong(part: PartFile, url: URL, total: number): Promise<OspainError> {
  await part.discard();
  return differing(`${url.hostname} sent more than the ${total} bytes that the file has`);
}

function givenUp({ position, known }: PartFile, { error, ms }: Setback): OspainError {
  const of = known.bytes === undefined ? '' : ` of ${known.bytes}`;
  const later = ms === undefined ? 'Try again' : `Try again in ${Math.ceil(ms / 60_000)} minutes`;
  return new OspainError('fetch_failed', `The download stopped at ${position}${of} bytes: ${error.message}`, {
    hint: `${later}: it goes on where it stopped.`,
    cause: error,
  });
}

async function assertRoom(folder: string, needed: number, free: (folder: string) => Promise<number>): Promise<void> {
  const there = await free(folder);
  if (there >= needed) return;
  throw new OspainError('storage_full', `The disk has ${there} bytes left, and the download needs ${needed}.`, {
    hint: 'Free some space, then try again: it goes on where it stopped.',
  });
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
