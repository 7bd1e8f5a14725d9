import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { OspainError } from '../../protocol/index.ts';
import { type ExchangeRequest, exchange, type FetchResponse } from './exchange.ts';
import { NotLocal } from './localLookup.ts';

/** Only what cannot be anywhere else: a name may lead to another machine. */
export const isThisMachine = ({ hostname }: URL): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

type LocalRequest = Pick<ExchangeRequest, 'url' | 'method' | 'headers'> & { body?: string; signal?: AbortSignal };

/**
 * Asks another program of this machine, which is no egress and is not on record. Redirects are not followed. Throws
 * `egress_refused` for any other machine, and what `exchange` throws.
 */
export async function onThisMachine({ body, signal, ...asked }: LocalRequest): Promise<FetchResponse> {
  if (!isThisMachine(asked.url)) throw new OspainError('egress_refused', `${asked.url.host} is not this machine.`);
  const never = new AbortController().signal;
  return exchange({ ...asked, body, signal: signal ?? never, lookup: loopbackOnly }, () => {});
}

/** What `localhost` is the machine itself says, and not always truly. */
const loopbackOnly: LookupFunction = (hostname, options, callback) =>
  lookup(hostname, { ...options, all: true }, (error, all) => {
    if (error !== null) return callback(error, []);
    const found = all.filter(({ address }) => address === '::1' || address.startsWith('127.'));
    const [first] = found;
    if (first === undefined) return callback(new NotLocal(`${hostname} is not this machine`), []);
    return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
  });
