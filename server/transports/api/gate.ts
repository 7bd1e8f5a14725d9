import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isHere, isOwnHost } from './addresses.ts';
import type { Shown } from './hub/session.ts';
import { Refusal } from './refusal.ts';

export interface GateOptions {
  port: number;
  lan: boolean;
  /** The token as it is now; null lets nobody in. */
  token(): string | null;
  /** The session of a browser that was let into the hub; null for others. */
  session(request: Shown): object | null;
}

/**
 * Whom a route answers: `program`, who shows the token; `person`, whose browser was let into the hub; `either`, or `anyone`.
 * With `local`, and always for persons, only on this machine.
 */
export interface Entry {
  entry: 'program' | 'person' | 'either' | 'anyone';
  local?: boolean;
}

/**
 * Throws for a request that is not for this server, comes from a page of another site, or is of nobody who was let in.
 * A page that had its own name resolved to this machine sends that name as Host; one that asks across sites sends
 * Origin or Sec-Fetch-Site, and gets no leave to read (no CORS header is ever sent).
 */
export function checkOrigin({ url = '', headers, headersDistinct }: IncomingMessage, options: GateOptions): void {
  const { host = '', origin } = headers;
  // A whole URL in the first line would count for more than Host (RFC 9112, section 3.2.2).
  if (!url.startsWith('/') || headersDistinct['host']?.length !== 1 || !isOwnHost(host, options))
    throw new Refusal('forbidden', 'The Host header does not name this server.', {
      status: 421,
      hint: options.lan ? "Use one of this machine's addresses." : 'Use http://localhost or http://127.0.0.1.',
    });
  const site = headers['sec-fetch-site'];
  const foreign = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign || (origin !== undefined && origin !== `http://${host}`))
    throw new Refusal('forbidden', 'Pages of other sites may not use this server.');
}

/** Throws for whom the route does not answer. */
export function checkEntry(
  { raw, cookies }: { raw: IncomingMessage } & Pick<Shown, 'cookies'>,
  { entry, local = false }: Entry,
  options: GateOptions,
): void {
  const here = isHere(raw.socket.remoteAddress);
  if (!here && (local || entry === 'person'))
    throw new Refusal('forbidden', 'Tasks of a workspace, and its hub, are for this machine only.');
  if (entry === 'anyone') return;
  const asPerson = entry === 'person' || (entry === 'either' && raw.headers.authorization === undefined);
  if (asPerson && here && options.session({ headers: raw.headers, cookies }) !== null) checkSender(raw);
  else if (entry !== 'person') checkToken(raw, options);
  else
    throw new Refusal('unauthorized', 'This browser was not let into the hub.', {
      hint: 'Open a link of `ospain2 hub`, or “OSPAiN2: Open Hub in Browser” in VS Code.',
    });
}

/**
 * A browser adds its cookie by itself, whoever makes it ask. So what changes something, and what opens a WebSocket, has to say which
 * page it is from; browsers always do, and `checkOrigin` has seen that it is ours.
 */
function checkSender({ method, headers }: IncomingMessage): void {
  if (headers.origin !== undefined) return;
  if (headers.upgrade === undefined && (method === 'GET' || method === 'HEAD')) return;
  throw new Refusal('forbidden', 'The request does not say which page it comes from.');
}

function checkToken({ headers }: IncomingMessage, { token }: GateOptions): void {
  const shown = /^Bearer +([\w.~+/=-]{1,512})$/i.exec(headers.authorization ?? '')?.[1];
  const right = token();
  if (shown !== undefined && right !== null && isSame(shown, right)) return;
  throw new Refusal('unauthorized', shown === undefined ? 'A token is needed.' : 'The token is not the right one.', {
    hint: 'Send "Authorization: Bearer …" with what `ospain2 token show` prints.',
  });
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
