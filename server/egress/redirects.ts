import { OspainError } from '../../protocol/index.ts';
import type { FetchResponse } from './exchange.ts';
import { shown } from './hosts.ts';

export type Headers = Readonly<Record<string, string>>;

/** One request and its answer, whatever that is. */
export type Ask = (url: URL, headers: Headers) => Promise<FetchResponse>;

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * Asks, and goes where the answer leads, at most `most` times. A header with a secret stays with the origin that it
 * was meant for, and encryption is never given up on the way. Throws `egress_refused`.
 */
export async function follow(ask: Ask, start: URL, given: Headers, most: number): Promise<FetchResponse> {
  let url = start;
  let headers = given;
  for (let gone = 0; ; gone++) {
    const response = await ask(url, headers);
    const { location } = response.headers;
    if (most === 0 || !REDIRECTS.includes(response.status) || location === undefined) return response;
    response.body.destroy();
    if (gone === most) throw refused(url, 'leads on and on');
    const next = target(location, url);
    if (next.origin !== url.origin) headers = withoutSecrets(headers);
    url = next;
  }
}

function target(location: string, from: URL): URL {
  const next = URL.parse(location, from.href);
  if (next?.protocol !== 'https:' && next?.protocol !== 'http:') throw refused(from, 'leads to no web address');
  if (from.protocol === 'https:' && next.protocol === 'http:') throw refused(from, 'leads away from encryption');
  if (next.username !== '' || next.password !== '') throw refused(from, 'leads to an address with a password');
  return next;
}

const withoutSecrets = (headers: Headers): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));

const refused = (url: URL, why: string): OspainError =>
  new OspainError('egress_refused', `${shown(url)} ${why}.`, { hint: 'Name the address of the file itself.' });
