import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createMemory } from '../contract/memory.ts';
import { serveApi } from '../server/transports/api/serveApi.ts';
import { exchangeBytes, statusesIn } from '../support/fuzz/exchange.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/**
 * The edges of HTTP against the API's real listener: requests within requests, two lengths, chunks of junk, headers without end,
 * senders that stop in the middle. What hides in a body is never taken for a request, and a header that stays away costs a moment.
 */
const HIDDEN = 'smuggled-by-somebody';
const TOKEN = '@TOKEN@';
const hidden = `POST /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 56\r\n\r\n${JSON.stringify({ kind: 'ask', instruction: HIDDEN })}`;

/** Ways to say how long a body is that two readers would read differently. */
const framings = [
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 5, 6',
  'Content-Length: +5',
  'Content-Length: 0x5',
  'Content-Length: -5',
  'Content-Length: 5 5',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity, chunked\r\nContent-Length: 3',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\x0bchunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
  'Transfer-Encoding:\r\n chunked',
  'Content-Length\x00: 5',
  'Content-Length: 5\r\n Transfer-Encoding: chunked',
];
const smuggling = fc.record({
  framing: fc.constantFrom(...framings),
  before: fc.constantFrom('0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', 'hello', '', '0;a=b\r\n\r\n', '0\n\n', 'x\r\n'),
  path: fc.constantFrom('/v1/models', '/health', '/tasks', '/nothing'),
  method: fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS'),
});
const corpus = [
  `GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`,
  `POST /tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
  `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'GET /hub/line HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];
const words = [
  ...[
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    '\t',
    ':',
    'HTTP/1.0',
    'HTTP/3',
    '%2e%2e/',
    '//',
    '/../',
    '?',
    '#',
    'http://evil/',
    'Host: evil\r\n',
    'Origin: null\r\n',
  ],
  ...[
    'Upgrade: websocket\r\n',
    'Upgrade: h2c\r\nConnection: Upgrade\r\n',
    'Expect: 100-continue\r\n',
    'Cookie: a=b; a=c\r\n',
    'Range: bytes=0-\r\n',
    'TRACE ',
  ],
  ...[
    'Content-Encoding: gzip\r\n',
    'Content-Type: multipart/form-data\r\n',
    `X: ${'y'.repeat(20_000)}\r\n`,
    'ffffffffffffffff\r\n',
    '-1\r\n',
    '\x16\x03\x01',
  ],
];
const edges = mutated(corpus, words);

export default target({
  inputs: fc.oneof(
    { weight: 8, arbitrary: edges.map((bytes) => ({ bytes, stops: false, smuggles: false })) },
    // One that stops costs as long as it is waited for.
    {
      weight: 1,
      arbitrary: edges.map((bytes) => ({ bytes: bytes.slice(0, bytes.length / 2), stops: true, smuggles: false })),
    },
    {
      weight: 4,
      arbitrary: smuggling.map(({ framing, before, path, method }) => ({
        bytes: `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\n${framing}\r\n\r\n${before}${hidden}`,
        ...{ stops: false, smuggles: true },
      })),
    },
  ),
  batch: 200,
  async open() {
    const memory = createMemory();
    let submitted = 0;
    const api = await serveApi({
      memory: {
        ...memory,
        dispatch(method, params, call) {
          if (JSON.stringify(params)?.includes(HIDDEN)) submitted += 1;
          return memory.dispatch(method, params, call);
        },
      },
      limits: { headersMs: 100, bodyMs: 100, heartbeatMs: 100 },
    });
    const where = { port: api.api.port, host: '127.0.0.1' };
    return {
      async run({ bytes, stops, smuggles }) {
        const sent = bytes.replaceAll('Host: 127.0.0.1', `Host: 127.0.0.1:${where.port}`).replaceAll(TOKEN, api.token);
        const started = performance.now();
        const answer = await exchangeBytes(where, [sent], { end: !stops });
        const statuses = statusesIn(answer);
        assert.ok(!statuses.includes(500), answer);
        if (smuggles) assert.equal(submitted, 0, `a hidden request was answered: ${answer}`);
        submitted = 0;
        // Many times the limit, since the machine may be busy.
        assert.ok(performance.now() - started < 20_000, 'it was waited for');
      },
      close: () => api[Symbol.asyncDispose](),
    };
  },
});
