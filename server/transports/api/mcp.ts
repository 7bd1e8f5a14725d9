import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { errorCodes } from '../../../protocol/index.ts';
import type { Endpoint } from '../mcp/endpoint.ts';
import { isHere } from './addresses.ts';
import { Refusal, wireOf } from './refusal.ts';
import type { Ask, Route } from './route.ts';

const JsonRpc = z.looseObject({ jsonrpc: z.literal('2.0') });

const STREAM = { type: 'text/event-stream' };

/** The Model Context Protocol, as streamable HTTP. */
export function mcpRoutes(endpoint: Endpoint): Route[] {
  const handle = (ask: Ask) => pass(endpoint, ask);
  const common = { path: '/mcp', group: 'MCP', handle } as const;
  const headers = {
    'MCP-Protocol-Version': 'Version of the protocol.',
    'Mcp-Session-Id': 'The session, up to version 2025-11-25.',
  };
  return [
    {
      ...common,
      ...{ headers, method: 'POST', id: 'mcpSend', body: z.unknown() },
      summary: 'Takes a message of the Model Context Protocol; for programs on this machine only, as all of it.',
      answers: { 200: ['The answer, or a stream that ends with it.', JsonRpc, STREAM], 202: ['Taken.'] },
    },
    {
      ...common,
      ...{ method: 'GET', id: 'mcpListen', headers: { ...headers, 'Last-Event-ID': 'Goes on behind this event.' } },
      summary: 'Opens the stream of what the server has to tell a session.',
      answers: { 200: ['The stream.', STREAM] },
    },
    {
      ...common,
      ...{ headers, method: 'DELETE', id: 'mcpEnd' },
      summary: 'Ends a session.',
      answers: { 200: ['It ended.'] },
    },
  ];
}

export const JsonRpcError = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.null(),
  error: z.object({ code: z.number().int(), message: z.string(), data: z.unknown() }),
});

/** A refusal before the library sees the request. Source: JSON-RPC 2.0, section 5.1. */
export const jsonRpcError = (refusal: Refusal): z.infer<typeof JsonRpcError> => ({
  jsonrpc: '2.0',
  id: null,
  error: { code: errorCodes[refusal.code].rpc, message: refusal.message, data: wireOf(refusal) },
});

/**
 * Hands a request to the library, and its answer back, as far as the client reads it. Tasks read the workspace, which is nothing
 * for other machines, whoever has the token.
 */
async function pass(endpoint: Endpoint, { request, reply, body, limits, signal }: Ask): Promise<unknown> {
  if (!isHere(request.raw.socket.remoteAddress))
    throw new Refusal('forbidden', 'Tasks of a workspace are for programs on this machine only.');
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const url = `http://${request.headers.host}${request.url}`;
  const answer = await endpoint.handle(new Request(url, { method: request.method, headers, signal }), body);
  const own = reply.getHeaders() as Record<string, string>;
  reply.hijack();
  reply.raw.writeHead(answer.status, { ...own, ...Object.fromEntries(answer.headers) });
  await pump(answer.body, reply.raw, limits.bufferBytes);
  return reply;
}

/** A client that does not read is cut. */
async function pump(body: ReadableStream<Uint8Array> | null, raw: ServerResponse, bufferBytes: number): Promise<void> {
  const reader = body?.getReader();
  const giveUp = () => void reader?.cancel().catch(() => {});
  raw.once('close', giveUp);
  raw.flushHeaders();
  try {
    for (;;) {
      const { done = true, value } = (await reader?.read()) ?? {};
      if (done || raw.destroyed) break;
      raw.write(value);
      if (raw.writableLength > bufferBytes) raw.destroy();
    }
    raw.end();
  } catch {
    // Nothing can be said in the middle of a stream: it ends short of its end.
    raw.destroy();
  } finally {
    raw.off('close', giveUp);
  }
}
