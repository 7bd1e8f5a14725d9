import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type StdioServerHandle, StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { MAX_MESSAGE, type Served } from '../served.ts';
import { createInstance } from './instance.ts';
import type { Offer } from './offer.ts';
import { createProductOffer } from './productOffer.ts';

/** The command line's way in: a connection to the local socket that becomes lines of JSON, as over standard input and output. */
export interface LocalConnections {
  /** Takes an upgrade of HTTP; what asks for anything else is refused. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** Bytes that may wait for a client that does not read. Past them it is cut. */
const BUFFER = 4 * 1024 * 1024;

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: mcp\r\n\r\n';
const NOT_HERE = 'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

export function createLocalConnections(served: Served): LocalConnections {
  const open = new Set<StdioServerHandle>();
  return {
    accept({ url = '', headers }, stream, head) {
      stream.on('error', () => stream.destroy());
      // Anything may stand in the first line of a request.
      const asked = URL.parse(url, 'http://local');
      if (asked?.pathname !== '/v1/mcp' || headers.upgrade !== 'mcp') return void stream.end(NOT_HERE);
      stream.write(SWITCH);
      if (head.length > 0) stream.unshift(head);
      const offer = createProductOffer(served, { decides: asked.searchParams.get('decides') === '1' });
      const connection = serveStream(stream, offer);
      open.add(connection);
      stream.once('close', () => open.delete(connection));
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.close()));
    },
  };
}

/** Serves one client until it is gone. A line that is too long ends the connection, and so does a client that does not read. */
export function serveStream(stream: Duplex, offer: Offer): StdioServerHandle {
  const transport = new StdioServerTransport(stream, stream, { maxBufferSize: MAX_MESSAGE });
  const send = transport.send.bind(transport);
  transport.send = async (message) => {
    if (stream.writableLength > BUFFER) stream.destroy();
    await send(message);
  };
  const connection = serveStdio(() => createInstance(offer, { lives: true }), { transport });
  const before = transport.onclose;
  transport.onclose = () => {
    before?.();
    stream.end();
  };
  return connection;
}
