import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { createMemory } from '../contract/memory.ts';
import { serve } from '../contract/serve.ts';
import { exchangeBytes, statusesIn } from '../support/fuzz/exchange.ts';
import { allMethods, messages } from '../support/fuzz/messages.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';
import { tempFolder } from '../support/temp.ts';

/** HTTP over the local socket: every method, junk in place of HTTP, and upgrades to what is not there. */
const post = (path: string, body: string) =>
  `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const corpus = [
  post('/v1/task/list', '{"limit":3}'),
  post('/v1/task/submit', '{"kind":"ask","instruction":"x"}'),
  'GET /v1/mcp HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: mcp\r\n\r\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n',
  'GET /v1/nothing HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'GET //local/v1/mcp?decides=1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: mcp\r\n\r\n',
  'POST /v1/task/list HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
];
const words = [
  ...[
    '//',
    '[',
    '?decides=1',
    '%',
    '%00',
    ' ',
    '\r\n',
    '\r\n\r\n',
    'HTTP/1.0',
    'HTTP/9.9',
    'Upgrade: mcp\r\n',
    'Connection: Upgrade\r\n',
    'Content-Length: 0\r\n',
  ],
  ...[
    'Transfer-Encoding: chunked\r\n',
    'Expect: 100-continue\r\n',
    '\0',
    '{',
    '"',
    'http://[',
    'OPTIONS * ',
    'CONNECT a:1 ',
    '@',
    ':',
    '\\',
  ],
];
const request = messages(allMethods).map(({ method, params }) => post(`/v1/${method}`, JSON.stringify(params) ?? ''));

export default target({
  inputs: fc.oneof(
    mutated(corpus, words),
    request.map((text) => Buffer.from(text).toString('latin1')),
  ),
  batch: 300,
  async open() {
    const folder = tempFolder('fuzz-socket');
    const path = join(folder.path, 's');
    const server = await serve({ served: createMemory(), path });
    return {
      async run(bytes) {
        const answer = await exchangeBytes({ path }, [bytes]);
        assert.ok(!statusesIn(answer).includes(500), answer);
      },
      async close() {
        await server.dispose();
        folder[Symbol.dispose]();
      },
    };
  },
});
