import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  type MethodName,
  type NotificationParams,
  OspainError,
  type Params,
  type Result,
} from '../../../protocol/index.ts';
import type { Served } from '../served.ts';
import type { Limits } from './limits.ts';

/** A request on its way to an answer. */
export interface Ask<Body = unknown> {
  body: Body;
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
export interface Route {
  method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/models/{name}`. */
  path: string;
  /** Names the operation in the document. */
  id: string;
  group: 'OpenAI' | 'Registry' | 'MCP' | 'Server';
  summary: string;
  /** Answers without a token. */
  open?: true;
  body?: z.ZodType;
  /** The body is a stream of bytes, which the handler reads. */
  stream?: true;
  /** Headers that change what it does, and how. */
  headers?: Readonly<Record<string, string>>;
  /** What success looks like. */
  answers: Readonly<Record<number, readonly [description: string, ...contents: Content[]]>>;
  /** The answer as JSON; a handler that writes the reply itself hijacks it before. */
  handle(ask: Ask): unknown;
}

/** Ties a handler to the schema of its body. */
export const route = <B extends z.ZodType>(
  row: Omit<Route, 'body' | 'handle'> & { body: B; handle(ask: Ask<z.output<B>>): unknown },
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
