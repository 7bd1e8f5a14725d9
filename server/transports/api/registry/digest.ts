import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '../refusal.ts';

/**
 * The SHA-256 of a whole file, in hexadecimal, as a request announces it: `?sha256=…`, or the headers of RFC 9530,
 * `Repr-Digest: sha-256=:base64:`; `Content-Digest` says the same of a body that is the whole file. Undefined without one.
 */
export function announcedDigest(headers: IncomingHttpHeaders, query: unknown): string | undefined {
  const asked = (query as Record<string, unknown>)['sha256'];
  if (asked !== undefined) {
    if (typeof asked === 'string' && /^[\da-f]{64}$/i.test(asked)) return asked.toLowerCase();
    throw new Refusal('invalid_params', 'sha256 must have 64 hexadecimal digits.', { param: 'sha256' });
  }
  const header = headers['repr-digest'] ?? headers['content-digest'];
  if (header === undefined) return undefined;
  const [, bytes] = /(?:^|[,\s])sha-256=:([A-Za-z\d+/]{43}=):/.exec(String(header)) ?? [];
  if (bytes === undefined)
    throw new Refusal('invalid_params', 'The digest must have the form sha-256=:base64: of RFC 9530.');
  return Buffer.from(bytes, 'base64').toString('hex');
}

export const digestHeader = (sha256: string): string => `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
