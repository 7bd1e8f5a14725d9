import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import type { Duplex } from 'node:stream';
import cookie from '@fastify/cookie';
import websocket from '@fastify/websocket';
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { closeSignal, hangUpSignal } from '../hangUp.ts';
import type { Served } from '../served.ts';
import { checkEntry, checkOrigin, type Entry, type GateOptions } from './gate.ts';
import type { Hub } from './hub/hub.ts';
import type { Limits } from './limits.ts';
import { jsonRpcError } from './mcp.ts';
import { openaiError } from './openai/errors.ts';
import { Refusal, wireOf } from './refusal.ts';
import { askCore, type Route } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig extends Partial<Entry> {}
}

export interface ProgramOptions {
  served: Pick<Served, 'dispatch'>;
  routes: readonly Route[];
  hub: Pick<Hub, 'addRoutes'>;
  limits: Limits;
  /** Asked for with every request: the port is known only when the program listens already. */
  gate(): GateOptions;
}

export interface Program {
  handle: RequestListener;
  /** Takes over the socket of a request for a WebSocket, which passes the same gate. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

/** The routes of the table, and the hub, behind the gate. Every refusal comes in the shape of the surface that was asked. */
export async function createProgram({ served, routes, hub, limits, gate }: ProgramOptions): Promise<Program> {
  const app = fastify({
    bodyLimit: limits.bodyBytes,
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 256 },
    frameworkErrors: (error, request, reply) => refuse(request, reply, error),
  });
  app.removeContentTypeParser('text/plain');
  // What is no JSON is read by its route, or not at all; curl names no type.
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  await app.register(cookie);
  // One frame a turn: a line that asks for much at one moment does not go before everybody else.
  const options = { maxPayload: limits.bodyBytes, allowSynchronousEvents: false };
  await app.register(websocket, { options });
  app.addHook('onRequest', async ({ id, raw, cookies, routeOptions }, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': id });
    const options = gate();
    checkOrigin(raw, options);
    checkEntry({ raw, cookies }, { entry: 'program', ...routeOptions.config }, options);
    // Only now: whoever waited with a large body to hear whether it is wanted.
    if (raw.headers.expect !== undefined) reply.raw.writeContinue();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => refuse(request, reply, error));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const here = routes.filter((row) => patternOf(row).test(path)).map(({ method }) => method);
    if (here.length === 0) throw new Refusal('unknown_method', 'There is no such route.', { hint: SEE });
    reply.header('allow', here.join(', '));
    throw new Refusal('unknown_method', `This route takes ${here.join(', ')}.`, { status: 405, hint: SEE });
  });

  for (const row of routes) {
    const { entry = 'program', local = false, socket: serveSocket } = row;
    const asked = (request: FastifyRequest, signal: AbortSignal) => ({
      ...{ request, limits, signal, core: askCore(served, signal) },
      params: request.params as Record<string, string>,
      query: row.query === undefined ? undefined : readQuery(row.query, request.query),
    });
    app.route({
      method: row.method,
      url: urlOf(row),
      config: { entry, local },
      ...(row.body && { onRequest: (_request, reply, next) => hurry(reply, limits.bodyMs, next) }),
      handler: async (request, reply) => {
        const signal = hangUpSignal(reply.raw);
        if (row.stream && isJson(request)) throw new Refusal('malformed', 'The body must be bytes.', { status: 415 });
        const body = row.body === undefined ? undefined : read(row.body, request);
        const answer = await row.handle({ ...asked(request, signal), body, reply });
        return reply.sent ? reply : reply.send(answer);
      },
      ...(serveSocket && {
        wsHandler: async (socket, request) => {
          try {
            await serveSocket({ ...asked(request, closeSignal(socket)), body: undefined }, socket);
          } catch (thrown) {
            const { status, message } = Refusal.of(thrown);
            socket.close(SOCKET_STATUS + status, message.slice(0, 100));
          }
        },
      }),
    });
  }
  await hub.addRoutes(app);
  await app.ready();
  return {
    handle: (request, response) => app.routing(request, response),
    // The library listens at a server of its own, which never listens itself.
    upgrade: (request, socket, head) => void app.server.emit('upgrade', request, socket, head),
    close: () => app.close(),
  };
}

/** RFC 6455 leaves close codes from 4000 to 4999 to programs: the status that HTTP would have stands behind the 4. */
const SOCKET_STATUS = 4000;

const SEE = 'GET /openapi.json lists all.';

const urlOf = ({ path }: Route): string => path.replace(/\{(\w+)\}/g, ':$1');
const patternOf = ({ path }: Route): RegExp =>
  new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+').replace(/\./g, '\\.')}$`);

const isJson = ({ headers }: FastifyRequest): boolean =>
  /^application\/json *(;|$)/i.test(headers['content-type'] ?? '');

function read(schema: z.ZodType, request: FastifyRequest): unknown {
  if (!isJson(request)) throw new Refusal('malformed', 'The body must be application/json.', { status: 415 });
  return parsed(schema, request.body, 'The body');
}

const readQuery = (schema: z.ZodType, query: unknown): unknown => parsed(schema, { ...(query as object) }, 'The query');

function parsed(schema: z.ZodType, value: unknown, what: string): unknown {
  const { data, error } = schema.safeParse(value);
  if (error === undefined) return data;
  const { path, message } = deepest(error.issues) ?? { path: [], message: 'not understood' };
  const param = paramOf(path);
  throw new Refusal('invalid_params', `${param || what}: ${message}`, { param: param || undefined });
}

/** Of what may be this or that, the form that fits furthest is the one that was meant. */
function deepest(issues: readonly z.core.$ZodIssue[]): Pick<z.core.$ZodIssue, 'path' | 'message'> | undefined {
  const [first] = issues;
  if (first?.code !== 'invalid_union') return first;
  const inner = first.errors
    .flatMap((branch) => deepest(branch) ?? [])
    .toSorted((one, other) => other.path.length - one.path.length)[0];
  return inner === undefined || inner.path.length === 0 ? first : { ...inner, path: [...first.path, ...inner.path] };
}

/** `messages[0].content` */
const paramOf = (path: readonly PropertyKey[]): string =>
  path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');

/** A body that trickles in holds a connection: it has so much time. */
function hurry(reply: FastifyReply, ms: number, next: () => void): void {
  const { raw } = reply.request;
  const late = setTimeout(() => {
    refuse(reply.request, reply, new Refusal('malformed', 'The body did not come in time.', { status: 408 }));
  }, ms);
  const done = () => clearTimeout(late);
  raw.once('end', done).once('close', done);
  next();
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: Error): FastifyReply {
  const refusal = classify(error);
  const { status, code } = refusal;
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (!request.raw.complete) giveUp(request, reply, status);
  if (code === 'model_crashed' || code === 'model_unreadable') reply.header('x-should-retry', 'false');
  const shape = shapeOf(request.url, refusal);
  return reply.code(shape.status).type('application/json').send(JSON.stringify(shape.body));
}

function shapeOf(url: string, refusal: Refusal): { status: number; body: unknown } {
  if (url.startsWith('/v1/')) return openaiError(refusal);
  const { status } = refusal;
  return { status, body: /^\/mcp(?![^?])/.test(url) ? jsonRpcError(refusal) : wireOf(refusal) };
}

/** Who is still sending reads no answer on a connection that is cut at once, so the rest is heard for a moment. */
function giveUp({ raw }: FastifyRequest, reply: FastifyReply, status: number): void {
  if (status === 408) return void reply.header('connection', 'close');
  const { socket } = reply.raw;
  setTimeout(() => raw.complete || socket?.destroy(), LINGER).unref();
}

/** Milliseconds. */
const LINGER = 2000;

/** Fastify's own failures as ours, by their codes and statuses. */
function classify(error: Error): Refusal {
  const { code = '', statusCode: status = 500 } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('too_large', 'The body is too large.');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Refusal('malformed', 'The body is of a type that is not understood.', { status: 415 });
  if (error instanceof Refusal || status < 400 || status >= 500) return Refusal.of(error);
  return new Refusal('malformed', 'The request could not be read.', { status, cause: error });
}
