import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import { finished } from 'node:stream/promises';
import fastify, { type FastifyError, type FastifyReply } from 'fastify';
import { errorCodes, methods, OspainError, type WireError } from '../../protocol/index.ts';
import { createEventStreams, type EventStreamOptions } from './eventStreams.ts';
import { hangUpSignal } from './hangUp.ts';
import { createLocalConnections } from './mcp/localConnection.ts';
import { MAX_MESSAGE, type Served } from './served.ts';

export interface Routes {
  handle: RequestListener;
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

const TOO_LARGE = 'FST_ERR_CTP_BODY_TOO_LARGE';
const NO_ROUTE = 'Client and server may be of different versions: update both.';

/**
 * `POST /v1/<noun>/<verb>` for every method of the table (body: params as JSON; 200 with the result, or the error's
 * status with a WireError), `GET /v1/events`, and `GET /v1/mcp` as an upgrade. Neither Host nor Origin is checked: these routes are only ever
 * served on a local socket, which no browser can open.
 */
export async function createRoutes(served: Served, options: EventStreamOptions): Promise<Routes> {
  const app = fastify({
    bodyLimit: MAX_MESSAGE,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => refuse(reply, classify(error)),
  });
  const streams = createEventStreams(served, options);
  const clients = createLocalConnections(served);

  // Whatever the content type, a body is JSON: one parser, so that every carrier reads the same bytes the same way.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, async (_request: unknown, body: string | Buffer) => {
    if (body.length === 0) return {};
    try {
      return JSON.parse(body.toString()) as unknown;
    } catch (cause) {
      throw new OspainError('malformed', 'The request body is not JSON.', { cause });
    }
  });
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    // Read to its end first: who is still writing would see a broken pipe instead of the answer.
    if (error.code === TOO_LARGE) await finished(request.raw.resume()).catch(() => {});
    return refuse(reply, classify(error));
  });
  app.setNotFoundHandler((request, reply) => {
    const name = JSON.stringify(`${request.method} ${request.url}`.slice(0, 64));
    refuse(reply, new OspainError('unknown_method', `There is no route ${name}.`, { hint: NO_ROUTE }).toWire());
  });

  for (const method of Object.keys(methods))
    app.post(`/v1/${method}`, async (request, reply) => {
      const outcome = await served.dispatch(method, request.body, { signal: hangUpSignal(reply.raw) });
      if (!outcome.ok) return refuse(reply, outcome.error);
      return reply.type('application/json').send(JSON.stringify(outcome.result ?? null));
    });
  app.get('/v1/events', (_request, reply) => {
    reply.hijack();
    streams.add(reply.raw);
  });

  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    upgrade: clients.accept,
    async close() {
      streams.close();
      await clients.close();
      await app.close();
    },
  };
}

const refuse = (reply: FastifyReply, error: WireError): FastifyReply =>
  reply.code(errorCodes[error.code].http).type('application/json').send(JSON.stringify(error));

/** Fastify's own failures as ours, by their codes and statuses. */
function classify(thrown: FastifyError | OspainError): WireError {
  if (thrown instanceof OspainError) return thrown.toWire();
  if (thrown.code === TOO_LARGE)
    return new OspainError('too_large', `A request may have ${MAX_MESSAGE} bytes.`, {
      hint: 'Send less text at once.',
    }).toWire();
  if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500)
    return new OspainError('malformed', 'The request could not be read.', { cause: thrown }).toWire();
  return OspainError.from(thrown).toWire();
}
