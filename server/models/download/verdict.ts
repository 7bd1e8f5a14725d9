import { OspainError } from '../../../protocol/index.ts';
import type { ResponseHeaders } from '../../egress/exchange.ts';
import { shown } from '../../egress/hosts.ts';
import { mayPass, retryAfter, statusError } from './statusError.ts';

/** What is known of the file before a host answers. */
export interface Known {
  /** Bytes that are there, and were asked to be left out. */
  position: number;
  /** Of the whole file: announced by who named the file, and learned from an answer before. */
  announced: number | undefined;
  bytes: number | undefined;
  sha256: string | undefined;
  etag: string | undefined;
  lastModified: string | undefined;
}

/** Why a file is fetched from its beginning although a part of it is there. */
export type RestartReason = 'changed' | 'noRanges' | 'noValidator' | 'damaged' | 'misplaced';

export type Verdict =
  /** The body is the file from `from` on. */
  | { do: 'read'; from: number; total: number | undefined; reason?: RestartReason }
  | { do: 'finish' }
  | { do: 'restart'; reason: RestartReason }
  | { do: 'wait'; ms: number | undefined; error: OspainError };

/** The headers that ask for what is missing. With a sha256 the content decides, whatever a mirror calls its state. */
export function rangeHeaders(known: Known): Record<string, string> {
  // Compressed, the bytes would not be the file's.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (known.position === 0) return headers;
  headers['range'] = `bytes=${known.position}-`;
  const validator = validatorOf(known);
  if (known.sha256 === undefined && validator !== undefined) headers['if-range'] = validator;
  return headers;
}

/** Whether a part can be told from a part of another content. */
export const isResumable = (known: Known): boolean => known.sha256 !== undefined || validatorOf(known) !== undefined;

/** A weak ETag does not promise the same bytes: RFC 9110, section 13.1.5. */
function validatorOf({ etag, lastModified }: Known): string | undefined {
  return etag !== undefined && !etag.startsWith('W/') ? etag : lastModified;
}

/** What to do with an answer. Throws what no second try can mend. `now` is Unix milliseconds. */
export function judge(url: URL, status: number, headers: ResponseHeaders, known: Known, now: number): Verdict {
  if (status === 206) return judgePart(url, headers, known);
  if (status === 200) return judgeWhole(url, headers, known);
  if (status === 416) {
    const [, total] = /^bytes \*\/(\d{1,16})$/.exec(headers['content-range'] ?? '') ?? [];
    const isAll = Number(total) === known.position && (known.bytes ?? known.position) === known.position;
    return isAll ? { do: 'finish' } : { do: 'restart', reason: 'changed' };
  }
  const error = statusError(url, status, headers);
  if (mayPass(status)) return { do: 'wait', ms: retryAfter(headers, now), error };
  throw error;
}

function judgePart(url: URL, headers: ResponseHeaders, known: Known): Verdict {
  const range = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(headers['content-range'] ?? '');
  const from = Number(range?.[1]);
  const total = range?.[3] === '*' ? known.bytes : Number(range?.[3]);
  if (from !== known.position || Number.isNaN(total)) return { do: 'restart', reason: 'misplaced' };
  assertAnnounced(url, total, known);
  // Some answer with a part of the new content although If-Range names the old one.
  const isOther = total !== known.bytes && known.bytes !== undefined;
  if (isOther || (known.sha256 === undefined && differs(headers, known))) return { do: 'restart', reason: 'changed' };
  return { do: 'read', from, total };
}

function judgeWhole(url: URL, headers: ResponseHeaders, known: Known): Verdict {
  assertFile(url, headers, known);
  const length = headers['content-length'];
  const total = length === undefined ? known.announced : Number(length);
  assertAnnounced(url, total, known);
  if (known.position === 0) return { do: 'read', from: 0, total };
  const isOther = differs(headers, known) || (known.bytes !== undefined && total !== known.bytes);
  return { do: 'read', from: 0, total, reason: isOther ? 'changed' : 'noRanges' };
}

const differs = (headers: ResponseHeaders, { etag, lastModified }: Known): boolean =>
  etag !== undefined && headers.etag !== undefined
    ? headers.etag !== etag
    : lastModified !== undefined && headers['last-modified'] !== undefined && headers['last-modified'] !== lastModified;

function assertAnnounced(url: URL, total: number | undefined, { announced }: Known): void {
  if (announced !== undefined && total !== announced)
    throw differing(`${shown(url)} has ${total} bytes where ${announced} were announced`);
}

function assertFile(url: URL, headers: ResponseHeaders, known: Known): void {
  const coding = headers['content-encoding'];
  if (coding !== undefined && coding !== 'identity')
    throw differing(`${shown(url)} came compressed, though the file itself was asked for`);
  if (known.sha256 !== undefined) return;
  if (headers['content-type']?.startsWith('text/html'))
    throw differing(`${shown(url)} is a web page and not a file`, 'Name the address of the file itself.');
  const isBounded = headers['content-length'] !== undefined || headers['transfer-encoding'] === 'chunked';
  if (!isBounded && known.announced === undefined)
    throw differing(`${shown(url)} does not say how long it is, so nobody could tell whether it came whole`);
}

export const differing = (what: string, hint = 'Try again, or take it from another source.'): OspainError =>
  new OspainError('content_differs', `${what}.`, { hint });
