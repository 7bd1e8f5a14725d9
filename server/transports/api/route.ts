import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import type { z } from 'zod';
import {
  type MethodName,
  type NotificationParams,
  OspainError,
  type Params,
  type Result,
} from '../../../protocol/index.ts';
import type { Served } from '../served.ts';
import type { Entry } from './gate.ts';
import type { Limits } from './limits.ts';

/** A request on its way to an answer. */
export interface Ask<Body = unknown, Query = unknown> {
  body: Body;
  /** What stands behind the path's question mark. */
  query: Query;
  /** What stands in the braces of the route's path. */
  params: Readonly<Record<string, string>>;
  request: FastifyRequest;
  /** Used only by what does not answer with one piece of JSON. */
  reply: FastifyReply;
  limits: Limits;
  /** Aborted when the client hangs up. */
  signal: AbortSignal;
  /** Asks the core for a method of the protocol; rejects with its error. */
  core<M extends MethodName>(method: M, params: Params<M>, onText?: (text: string) => void): Promise<Result<M>>;
}

/** What an answer holds, for the document: JSON of a schema, or another type of content. */
export type Content = z.ZodType | { type: string };

/** One row of the table from which the server's routes and its OpenAPI document are made. */
export interface Route extends Partial<Entry> {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/models/{name}`. */
  path: string;
  /** Names the operation in the document. */
  id: string;
  group: 'OpenAI' | 'Registry' | 'Tasks' | 'MCP' | 'Server';
  summary: string;
  body?: z.ZodType;
  query?: z.ZodObject;
  /** The body is a stream of bytes, which the handler reads. */
  stream?: true;
  /** Headers that change what it does, and how. */
  headers?: Readonly<Record<string, string>>;
  /** What success looks like. */
  answers: Readonly<Record<number, readonly [description: string, ...contents: Content[]]>>;
  /** The answer as JSON; a handler that writes the reply itself hijacks it before. */
  handle(ask: Ask): unknown;
  /** Answers a WebSocket, which may be opened at the same path; never rejects. */
  socket?(ask: Omit<Ask, 'reply'>, socket: WebSocket): Promise<void>;
}

interface Typed<B extends z.ZodType, Q extends z.ZodObject> {
  body?: B;
  query?: Q;
  handle(ask: Ask<z.output<B>, z.output<Q>>): unknown;
  socket?(ask: Omit<Ask<z.output<B>, z.output<Q>>, 'reply'>, socket: WebSocket): Promise<void>;
}

/** Ties a handler to the schemas of its body and of its query. */
export const route = <B extends z.ZodType, Q extends z.ZodObject>(
  row: Omit<Route, keyof Typed<B, Q>> & Typed<B, Q>,
): Route => row as unknown as Route;

export const askCore =
  ({ dispatch }: Pick<Served, 'dispatch'>, signal: AbortSignal): Ask['core'] =>
  async (method, params, onText) => {
    const outcome = await dispatch(method, params, {
      signal,
      notify: ({ method, params }) => {
        if (method === 'inference/didText') onText?.((params as NotificationParams<typeof method>).text);
      },
    });
    if (!outcome.ok) throw OspainError.fromWire(outcome.error);
    return outcome.result as Result<typeof method>;
  };
