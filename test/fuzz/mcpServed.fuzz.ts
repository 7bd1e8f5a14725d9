import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { createEndpoint } from '../../server/transports/mcp/endpoint.ts';
import { serveStream } from '../../server/transports/mcp/localConnection.ts';
import { createProductOffer } from '../../server/transports/mcp/productOffer.ts';
import { createMemory } from '../contract/memory.ts';
import { mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** The Model Context Protocol as we serve it: over a stream of lines, and over HTTP in both of its eras. */
const call = (method: string, params: unknown, id: unknown = 1) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const hello = call(
  'initialize',
  { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  0,
);
const tool = (name: string, given: unknown) => call('tools/call', { name, arguments: given });
const corpus = [
  hello,
  call('tools/list', {}),
  tool('submit_task', { instruction: 'x', kind: 'ask' }),
  tool('list_tasks', { limit: 3 }),
  tool('save_note', { path: 'a.md', text: 'x' }),
  call('resources/read', { uri: 'ospain2://tasks' }),
  call('resources/subscribe', { uri: 'ospain2://tasks/1' }),
  call('prompts/get', { name: 'fix', arguments: {} }),
  call('completion/complete', { ref: { type: 'ref/prompt', name: 'fix' }, argument: { name: 'a', value: '' } }),
  call('logging/setLevel', { level: 'debug' }),
  call('notifications/cancelled', { requestId: 1 }, undefined),
  call('server/discover', { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } }),
];
const words = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '\n',
  ',',
  'null',
  '"id":null',
  '"id":{}',
  '"result":{}',
  '"error":1',
  '"params":[]',
  '"_meta":{"progressToken":1}',
  '__proto__',
  '\0',
  '{"jsonrpc":"2.0"}',
];

export default target({
  inputs: fc.record({
    text: mutated(corpus, words),
    greets: fc.boolean(),
    era: fc.constantFrom('2025-06-18', '2026-07-28', '1', ''),
  }),
  batch: 200,
  open() {
    const offer = createProductOffer(createMemory(), { decides: true });
    const endpoint = createEndpoint({ offer, limits: { sessions: 4, heartbeatMs: 1000 } });
    return {
      async run({ text, greets, era }) {
        await overLines(offer, greets ? `${hello}\n${text}\n` : `${text}\n`);
        let body: unknown;
        try {
          body = JSON.parse(text);
        } catch {
          return;
        }
        const headers = {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': era,
        };
        const answer = await endpoint.handle(
          new Request('http://127.0.0.1/mcp', { method: 'POST', headers, body: text }),
          body,
        );
        await answer.body?.cancel();
        assert.ok(answer.status < 500 || answer.status === 503, `${answer.status}`);
      },
      close: () => endpoint.close(),
    };
  },
});

/** A client that says this and goes. */
async function overLines(offer: ReturnType<typeof createProductOffer>, said: string): Promise<void> {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(), autoDestroy: true });
  const served = serveStream(stream, offer);
  stream.push(said);
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  stream.push(null);
  await served.close();
  stream.destroy();
}
