import { lookup as lookUp } from 'node:dns';
import { Readable } from 'node:stream';
import { OspainError } from '../../protocol/index.ts';
import type { RecordAudit } from '../audit/auditLog.ts';
import type { Log } from '../log.ts';
import { exchange, type FetchResponse, type Method, type Traffic } from './exchange.ts';
import { hostMatches, isLocalAddress, portOf, shown } from './hosts.ts';
import { createLocalLookup, type Resolve } from './localLookup.ts';
import { follow, type Headers } from './redirects.ts';

/** One named thing that a person agreed to. */
export interface EgressAction {
  /** In a few words, for the log: `pull hf:org/repo:Q4_K_M`. */
  purpose: string;
  /** `host` and `*.domain` on the port of https, `host:port` on another. */
  hosts: readonly string[];
  /** Asked once for each other host that a redirect leads to; without it the answer is no. */
  allow?: (host: string) => boolean | Promise<boolean>;
  /** Also without encryption to the open internet; to this machine and its network that is always possible. */
  plainHttp?: boolean;
  signal?: AbortSignal;
}

export interface FetchOptions {
  method?: Method;
  headers?: Headers;
  /** Sent once, to the host that was named: a redirect is then the answer. */
  body?: string | Readable;
  /** Redirects to follow at most; 0: the redirect itself is the answer. */
  redirects?: number;
  signal?: AbortSignal;
}

/** Resolves with whatever status the host answers. Throws `egress_refused`, `fetch_failed`, `cancelled`. */
export type Fetch = (url: URL, options?: FetchOptions) => Promise<FetchResponse>;

export interface Connection {
  /** Unix milliseconds. */
  at: number;
  host: string;
  port: number;
  purpose: string;
}

/** Notes a connection before it is made, and what went over it when it is gone. When it throws, none is made. */
export type RecordEgress = (connection: Connection) => (traffic: Traffic) => void;

/** The one way out of this process: nothing is fetched but within an action, and nothing of it outlives the action. */
export interface Egress {
  during<T>(action: EgressAction, work: (fetch: Fetch) => Promise<T>): Promise<T>;
}

const REDIRECTS = 5;

export interface EgressOptions {
  log: Log;
  record: RecordEgress;
  /** Of what was refused, and of hosts that a person allowed meanwhile. */
  audit: RecordAudit;
  now: () => number;
  /** Finds the addresses of names where plain http is only for this network. */
  resolve?: Resolve;
}

export function createEgress({ log, record, audit, now, resolve: find = lookUp }: EgressOptions): Egress {
  const localLookup = createLocalLookup(find);
  return {
    async during(action, work) {
      const { purpose } = action;
      const over = new AbortController();
      const open = new Set<Promise<void>>();
      const decided = new Map<string, Promise<boolean>>();

      const mayReach = (url: URL, redirected: boolean): boolean | Promise<boolean> => {
        if (action.hosts.some((pattern) => hostMatches(pattern, url))) return true;
        if (!redirected || action.allow === undefined) return false;
        const { host } = url;
        const answer =
          decided.get(host) ??
          Promise.resolve(action.allow(host)).then((allowed) => {
            if (allowed) audit({ type: 'egress.allowed', subject: host, details: { purpose } });
            return allowed;
          });
        decided.set(host, answer);
        return answer;
      };

      const reach = async (
        url: URL,
        sent: Pick<FetchOptions, 'body'> & { method: Method },
        headers: Headers,
        signal: AbortSignal,
      ) => {
        const connection = { at: now(), host: url.hostname, port: portOf(url), purpose };
        const noteTraffic = record(connection);
        const { promise: closed, resolve } = Promise.withResolvers<void>();
        open.add(closed);
        const lookup = url.protocol === 'http:' && action.plainHttp !== true ? localLookup : undefined;
        return exchange({ url, method: sent.method, body: sent.body, headers, signal, lookup }, (traffic) => {
          open.delete(closed);
          resolve();
          const { sent, received } = traffic;
          log.info(`egress: ${purpose}: ${url.host}, ${sent} bytes out, ${received} bytes in`);
          try {
            noteTraffic(traffic);
          } catch (thrown) {
            // The connection itself is in the log; nobody could catch this here.
            log.error(`egress: the traffic of a connection to ${url.host} was not kept: ${thrown}`);
          }
        });
      };

      const fetch: Fetch = async (start, options = {}) => {
        const { method = 'GET', body, headers = {} } = options;
        const redirects = body === undefined ? (options.redirects ?? REDIRECTS) : 0;
        const signals = [over.signal, action.signal, options.signal].filter((signal) => signal !== undefined);
        const signal = AbortSignal.any(signals);
        const ask = async (url: URL, hopHeaders: Headers) => {
          assertAddress(url, action);
          const redirected = url !== start;
          if (!(await mayReach(url, redirected))) throw notAllowed(url, start, redirected);
          if (signal.aborted) throw over.signal.aborted ? ended(purpose) : cancelled(signal);
          return reach(url, { method, ...(body !== undefined && { body }) }, hopHeaders, signal);
        };
        try {
          return await follow(ask, start, headers, redirects);
        } catch (thrown) {
          if (body instanceof Readable) body.destroy();
          if (thrown instanceof OspainError && thrown.code === 'egress_refused') {
            log.warn(`egress: ${purpose}: refused: ${thrown.message}`);
            audit({ type: 'egress.refused', subject: start.host, details: { purpose } });
          }
          throw thrown;
        }
      };

      try {
        return await work(fetch);
      } finally {
        over.abort(ended(purpose));
        await Promise.all(open);
      }
    },
  };
}

function assertAddress(url: URL, { plainHttp = false }: EgressAction): void {
  const refuse = (why: string, hint: string) => new OspainError('egress_refused', `${shown(url)} ${why}.`, { hint });
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('is no web address', 'Use an https address.');
  if (url.username !== '' || url.password !== '')
    throw refuse('holds a password', 'Leave user and password out of the address.');
  const address = url.hostname.replace(/^\[|\]$/g, '');
  // A name is looked at when it is known what it leads to.
  const isAddress = /^[\d.]+$|:/.test(address);
  if (url.protocol === 'http:' && !plainHttp && isAddress && !isLocalAddress(address))
    throw refuse('is beyond this network, and plain http is not for there', 'Use an https address.');
}

const notAllowed = (url: URL, start: URL, redirected: boolean): OspainError =>
  new OspainError(
    'egress_refused',
    redirected
      ? `${start.host} leads to ${url.host}, which was not agreed to.`
      : `A connection to ${url.host} was not agreed to.`,
    { hint: `Allow ${url.host} if you trust it.` },
  );

const ended = (purpose: string): OspainError =>
  new OspainError('egress_refused', `The action "${purpose}" is over, and its connections with it.`);

const cancelled = (signal: AbortSignal): OspainError =>
  signal.reason instanceof OspainError ? signal.reason : new OspainError('cancelled', 'The transfer was cancelled.');
