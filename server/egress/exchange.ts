import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { passTo } from '../../guard/pass.ts';
import { OspainError } from '../../protocol/index.ts';
import { portOf } from './hosts.ts';
import { NotLocal } from './localLookup.ts';

export type ResponseHeaders = IncomingHttpHeaders;

export interface FetchResponse {
  status: number;
  headers: ResponseHeaders;
  /** Where it came from in the end. */
  url: URL;
  /** To be read to its end or destroyed: until then the connection is open. */
  body: IncomingMessage;
}

/** Those that change something carry a body, and never go where a redirect leads. */
export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';

export interface ExchangeRequest {
  url: URL;
  method: Method;
  /** Destroyed when the exchange is over, read or not. */
  body: string | Readable | undefined;
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Finds addresses instead of the system. */
  lookup: LookupFunction | undefined;
}

/** Bytes over one connection, those of its protocol included where it is not encrypted. */
export interface Traffic {
  sent: number;
  received: number;
}

/**
 * One HTTP request on a connection of its own. `onClose` hears once when that connection is gone. Throws
 * `fetch_failed` for what may pass, `egress_refused` for a host that is not who it should be, `cancelled`.
 */
export function exchange(asked: ExchangeRequest, onClose: (traffic: Traffic) => void): Promise<FetchResponse> {
  const { url, method, body: sent, headers, signal, lookup } = asked;
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const { request, end } = passTo({ host: url.hostname, port: portOf(url) }, (end) => ({
      request: send(url, { method, headers, signal, agent: false, ...(lookup && { lookup }) }),
      end,
    }));
    let socket: Socket | undefined;
    // Bytes that wait for a connection count as written.
    let connected = false;
    const close = () => onClose({ sent: (connected && socket?.bytesWritten) || 0, received: socket?.bytesRead ?? 0 });
    request.once('socket', (given) => {
      socket = given;
      given.once('connect', () => {
        connected = true;
        end();
      });
      given.once('close', close);
    });
    request.once('close', () => {
      end();
      if (socket === undefined) close();
    });
    // Later errors are the body's: they reach whoever reads it.
    request.on('error', (thrown) => reject(failure(thrown, url, signal)));
    request.once('response', (body) => {
      // Whoever stops reading after an error must not bring the process down with the next one.
      body.on('error', () => {});
      resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body });
    });
    if (!(sent instanceof Readable)) return void request.end(sent);
    request.once('close', () => sent.destroy());
    sent.once('error', (thrown) => request.destroy(thrown));
    sent.pipe(request);
  });
}

/** A failure of a connection or of a body as an error of the closed list. */
export function failure(thrown: unknown, { hostname }: URL, signal?: AbortSignal): OspainError {
  if (thrown instanceof OspainError) return thrown;
  if (signal?.aborted === true) {
    if (signal.reason instanceof OspainError) return signal.reason;
    if (!isTimeout(signal.reason)) return new OspainError('cancelled', 'The transfer was cancelled.');
    return new OspainError('fetch_failed', `${hostname} did not answer in time.`, { hint: ONLINE });
  }
  if (thrown instanceof NotLocal)
    return new OspainError('egress_refused', `${hostname} is beyond this network, and plain http is not for there.`, {
      hint: 'Use an https address.',
    });
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  if (/CERT|SIGNATURE|ERR_TLS|ERR_SSL|SELF_SIGNED/.test(code))
    return new OspainError('egress_refused', `${hostname} did not prove who it is (${code}); nothing was sent.`, {
      hint: 'If it has a certificate of your own authority, name that in NODE_EXTRA_CA_CERTS.',
      cause: thrown,
    });
  const why =
    { ENOTFOUND: 'has no address', EAI_AGAIN: 'has no address right now', ECONNREFUSED: 'takes no connection' }[code] ??
    'broke the connection off';
  return new OspainError('fetch_failed', `${hostname} ${why}.`, { hint: ONLINE, cause: thrown });
}

const ONLINE = 'Check the name and that this machine is online, then try again.';

const isTimeout = (reason: unknown): boolean => reason instanceof Error && reason.name === 'TimeoutError';
