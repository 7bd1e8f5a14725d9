import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isLocalAddress } from './hosts.ts';

/** As `lookup` of `node:dns`, for all addresses. */
export type Resolve = (
  name: string,
  options: { all: true },
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** A name leads beyond this machine and its network. */
export class NotLocal extends Error {}

/** Looks names up, and fails with `NotLocal` when any address of one is beyond this machine and its network. */
export function createLocalLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const [first] = found;
      const isOutside = first === undefined || found.some(({ address }) => !isLocalAddress(address));
      if (isOutside) return callback(new NotLocal(`${hostname} leads beyond this network`), []);
      return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
    });
}
