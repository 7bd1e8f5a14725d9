import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface LoopbackServer extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  origin: string;
  /** `127.0.0.1:port` */
  host: string;
  port: number;
  /** What was asked so far, in order. */
  requests: IncomingMessage[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => unknown;

/** A real HTTP server of the test's own; `nth` counts its requests from 0. Its connections end with it. */
export async function loopbackServer(answer: Answer, secure?: { key: string; cert: string }): Promise<LoopbackServer> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    // A client that is killed or that hangs up is no failure here.
    response.on('error', () => {});
    answer(request, response, requests.push(request) - 1);
  };
  const server = secure === undefined ? createServer(listener) : createSecureServer(secure, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    origin: `http://${host}`,
    host,
    port,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
