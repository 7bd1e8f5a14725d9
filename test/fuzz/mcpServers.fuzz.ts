import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createConnection } from '../../server/mcp/connection.ts';
import { LIMITS } from '../../server/mcp/limits.ts';
import { egressBench } from '../server/egress/workbench.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { loopbackServer } from '../support/loopback.ts';

/** A hostile MCP server: what it answers to a greeting, to the question for its tools and to a call. It fails alone, in words. */
const result = (id: string, value: unknown) => `{"jsonrpc":"2.0","id":${id},"result":${JSON.stringify(value)}}`;
const corpus = [
  result('@', { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } }),
  result('@', { tools: [{ name: 'echo', inputSchema: { type: 'object' } }], nextCursor: 'again' }),
  result('@', { content: [{ type: 'text', text: 'said' }] }),
  '{"jsonrpc":"2.0","id":@,"error":{"code":-32000,"message":"no"}}',
  '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}',
  '{"jsonrpc":"2.0","id":"mine","method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}',
];
const words = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  'null',
  '@',
  '\n',
  '\n\n',
  'data: ',
  'event: x\n',
  'retry: 0\n',
  '"id":null',
  '-1',
  '__proto__',
  '"type":"image"',
  '\0',
  '\u202e',
];
const said = fc.record({
  text: mutated(corpus, words).map((text) => text.slice(0, 20_000)),
  how: fc.constantFrom('json', 'json', 'json', 'stream', 'nothing', 'plain', 'broken'),
  status: fc.constantFrom(200, 200, 200, 200, 202, 204, 400, 404, 405, 500),
});

export default target({
  inputs: fc.record({
    greeting: fc.option(said, { freq: 1, nil: null }),
    tools: fc.option(said, { freq: 3, nil: null }),
    answer: said,
  }),
  batch: 50,
  async open() {
    let now: { [method: string]: { text: string; how: string; status: number } | null } = {};
    const good: Record<string, string> = {
      initialize: corpus[0] ?? '',
      'tools/list': (corpus[1] ?? '').replace(',"nextCursor":"again"', ''),
    };
    const server = await loopbackServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => {
        const { id, method = '' } = (body === '' ? {} : JSON.parse(body)) as { id?: unknown; method?: string };
        if (id === undefined) return void response.writeHead(request.method === 'GET' ? 405 : 202).end();
        const chosen = now[method] ?? { text: good[method] ?? '{}', how: 'json', status: 200 };
        const text = chosen.text.replaceAll('@', JSON.stringify(id));
        if (chosen.how === 'broken') return void response.destroy();
        const type =
          { json: 'application/json', stream: 'text/event-stream', plain: 'text/plain' }[chosen.how] ??
          'application/json';
        response.writeHead(chosen.status, { 'content-type': type });
        response.end(chosen.how === 'stream' ? `data: ${text}\n\n` : chosen.how === 'nothing' ? '' : text);
      });
    });
    const { egress } = egressBench();
    const limits = { ...LIMITS, startMs: 300, callMs: 300, callMostMs: 300, firstMs: 300 };
    return {
      async run({ greeting, tools, answer }) {
        now = { initialize: greeting, 'tools/list': tools, 'tools/call': answer };
        const url = new URL(`${server.origin}/mcp`);
        const connection = createConnection({
          ...{ workspace: '/tmp', env: {}, egress, limits, now: () => Date.now(), onChange() {} },
          server: { kind: 'http', name: 'hostile', url, headers: {} } as never,
        });
        const told = await connection.call('echo', { text: 'x' }, new AbortController().signal);
        assert.equal(typeof told.text, 'string');
        await connection.stop();
        assert.equal(connection.state(), 'idle');
      },
      close: () => server[Symbol.asyncDispose](),
    };
  },
});
