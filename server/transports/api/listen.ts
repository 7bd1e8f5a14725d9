import { createServer, type IncomingMessage, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { OspainError } from '../../../protocol/index.ts';
import type { Limits } from './limits.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

export interface ListenOptions {
  port: number;
  lan: boolean;
  handle: RequestListener;
  /** Told of requests for a WebSocket only. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  limits: Limits;
}

interface Bound {
  server: Server;
  /** What became WebSockets, of which the server itself knows nothing any more. */
  upgraded: ReadonlySet<Duplex>;
}

/** Milliseconds that running requests get to end. */
const GRACE = 1000;
/** Free ports that are tried until one is free on both addresses. */
const TRIES = 10;

/**
 * Listens at one port of IPv4 and, where the machine has it, of IPv6: on loopback, or with `lan` on every address.
 * Throws `conflict` for a taken port.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const [v4, v6] = options.lan ? ['0.0.0.0', '::'] : ['127.0.0.1', '::1'];
  for (let turn = 1; ; turn++) {
    const first = await bind(options, v4, options.port);
    const servers = [first];
    const { port } = first.server.address() as AddressInfo;
    try {
      servers.push(await bind(options, v6, port));
      return { port, close: () => closeAll(servers) };
    } catch (thrown) {
      if (hasNoIpv6(thrown)) return { port, close: () => closeAll(servers) };
      await closeAll(servers);
      if (options.port !== 0 || turn === TRIES) throw thrown;
    }
  }
}

async function bind({ handle, upgrade, limits }: ListenOptions, host: string, port: number): Promise<Bound> {
  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      // A model file may take hours; how long other bodies may take is a matter of their routes.
      requestTimeout: 0,
      connectionsCheckingInterval: Math.min(1000, limits.headersMs),
    },
    handle,
  );
  server.maxConnections = limits.connections;
  server.on('clientError', refuseJunk);
  // The program says when to go on; else it would be said before anybody looked at the token.
  server.on('checkContinue', handle);
  const upgraded = new Set<Duplex>();
  server.on('upgrade', (request, socket, head) => {
    if (!isForWebSocket(request)) return answerAsHttp(server, request, socket, head);
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    upgrade(request, socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(unavailable(cause, port)));
    server.listen({ host, port, ipv6Only: true }, resolve);
  });
  return { server, upgraded };
}

const isForWebSocket = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';

/**
 * Some clients offer HTTP/2 with their first request, such as Java's own; a server that does not want it answers as if they had not
 * (RFC 9110, section 7.8). Node leaves the request unanswered, so it is heard once more, without the offer.
 */
function answerAsHttp(
  server: Server,
  { method, url, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!/^(?:upgrade|connection|http2-settings)$/i.test(rawHeaders[at] ?? ''))
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function unavailable(cause: NodeJS.ErrnoException, port: number): OspainError {
  if (cause.code === 'EADDRINUSE')
    return new OspainError('conflict', `Port ${port} is taken by another program.`, {
      hint: 'Choose another port; 0 takes a free one.',
      cause,
    });
  if (cause.code === 'EACCES')
    return new OspainError('forbidden', `This user may not open port ${port}.`, {
      hint: 'Choose one above 1023; 0 takes a free one.',
      cause,
    });
  return new OspainError('unavailable', `Port ${port} cannot be opened.`, { cause });
}

const hasNoIpv6 = (thrown: unknown): boolean =>
  thrown instanceof OspainError &&
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(
    String((thrown.cause as NodeJS.ErrnoException | undefined)?.code),
  );

async function closeAll(servers: readonly Bound[]): Promise<void> {
  const late = setTimeout(() => {
    for (const { server, upgraded } of servers) {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    }
  }, GRACE);
  await Promise.all(servers.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  clearTimeout(late);
}

const JUNK_STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers bytes that are not HTTP, too large a header, or one that takes too long, and hangs up. */
function refuseJunk({ code = '' }: NodeJS.ErrnoException, stream: Socket | NodeJS.WritableStream): void {
  const socket = stream as Socket;
  if (!socket.writable) return void socket.destroy();
  const status = JUNK_STATUS[code] ?? 400;
  const body = JSON.stringify({ code: 'malformed', message: 'The request was not understood.' });
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json\r\nConnection: close`;
  socket.end(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
}
