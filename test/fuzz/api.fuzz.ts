import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { createRoutes } from '../../server/transports/api/routeTable.ts';
import { createEndpoint } from '../../server/transports/mcp/endpoint.ts';
import { createProductOffer } from '../../server/transports/mcp/productOffer.ts';
import { createMemory } from '../contract/memory.ts';
import { serveApi } from '../server/transports/api/serveApi.ts';
import { valuesOf } from '../support/fuzz/messages.ts';
import { junk, mutated } from '../support/fuzz/mutated.ts';
import { target } from '../support/fuzz/target.ts';

/** Every route of the API with bodies that follow its schema, mostly: an answer has a status and an error a code. */
const memory = createMemory();
const offer = createProductOffer(memory, { decides: false });
const table = createRoutes({ mcp: createEndpoint({ offer }), served: memory });
const schemaOf = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
const part = fc.oneof(
  fc.constantFrom('canary', 'default', '1', 'latest', 'sha256:0', '..', '%2e%2e', '%00', '%', 'a%2fb'),
  junk.map(encodeURIComponentSafely),
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom('?limit=-1', '?after=x', '?stream=1', '?limit=1&limit=2', '?__proto__=1', '?%'),
  mutated(['?a=b'], ['&', '=', '%', '[', ']']).map(encodeURI2),
);

const request = fc.oneof(
  ...table.map(({ method, path, body }) =>
    fc.record({
      method: fc.constant(method as string),
      path: fc.tuple(part, part, query).map(([one, other, query]) => {
        const parts = [one, other];
        return path.replaceAll(/\{\w+\}/g, () => parts.shift() ?? 'x') + query;
      }),
      body:
        body === undefined
          ? fc.constant(undefined)
          : fc.oneof(valuesOf(schemaOf(body)), mutated(['{"model":"canary"}'], ['{', '[', '"'])),
      type: fc.constantFrom(
        'application/json',
        'application/json',
        'application/json',
        'text/plain',
        'application/octet-stream',
        'x',
      ),
    }),
  ),
);

export default target({
  inputs: request,
  batch: 300,
  async open() {
    const api = await serveApi({ limits: { heartbeatMs: 50 } });
    return {
      async run({ method, path, body, type }) {
        const text = typeof body === 'string' ? body : JSON.stringify(body);
        const giveUp = AbortSignal.timeout(5000);
        const init = {
          method,
          headers: { 'content-type': type, accept: 'application/json, text/event-stream' },
          signal: giveUp,
        };
        const answer = await api.fetch(
          path,
          method === 'GET' || method === 'HEAD' || text === undefined ? init : { ...init, body: text },
        );
        const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
        // A stream has no end.
        if (isStream) return answer.body?.cancel();
        const told = await answer.text();
        assert.ok(
          answer.status < 500 || answer.status === 502 || answer.status === 503 || answer.status === 507,
          `${answer.status} ${told}`,
        );
        if (answer.status >= 400 && told !== '' && method !== 'HEAD') assert.ok(typeof JSON.parse(told) === 'object');
      },
      close: () => api[Symbol.asyncDispose](),
    };
  },
});

function encodeURIComponentSafely(text: string): string {
  return encodeURIComponent(text.toWellFormed()) || 'x';
}

function encodeURI2(text: string): string {
  return encodeURI(text.toWellFormed()).slice(0, 2000);
}
