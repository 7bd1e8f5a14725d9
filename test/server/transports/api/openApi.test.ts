import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { createRoutes } from '../../../../server/transports/api/routeTable.ts';
import { createEndpoint } from '../../../../server/transports/mcp/endpoint.ts';
import { createProductOffer } from '../../../../server/transports/mcp/productOffer.ts';
import { createMemory } from '../../../contract/memory.ts';
import { serveApi } from './serveApi.ts';

const memory = createMemory();
const mcp = createEndpoint({ offer: createProductOffer(memory, { decides: false }) });
const routes = createRoutes({ mcp, served: memory });

interface Operation {
  operationId: string;
  security?: unknown[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema?: object }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

describe('the OpenAPI document', { timeout: 60_000 }, () => {
  it('has each route, whole, with schemas that are schemas', async () => {
    await using served = await serveApi();
    const document = (await (await served.fetch('/openapi.json')).json()) as {
      openapi: string;
      info: { title: string; version: string };
      security: unknown[];
      paths: Record<string, Record<string, Operation>>;
      components: { securitySchemes: { token: { scheme: string } } };
    };
    assert.match(document.openapi, /^3\.1\.\d+$/);
    assert.equal(document.components.securitySchemes.token.scheme, 'bearer');
    assert.deepEqual(document.security, [{ token: [] }]);
    const found = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({ path, method, operation })),
    );
    assert.deepEqual(
      found.map(({ path, method }) => `${method.toUpperCase()} ${path}`).sort(),
      routes.map(({ path, method }) => `${method} ${path}`).sort(),
    );
    assert.equal(new Set(found.map(({ operation }) => operation.operationId)).size, routes.length);
    const ajv = new Ajv2020.default({ strict: false });
    for (const { path, operation } of found) {
      const open = routes.find(({ id }) => id === operation.operationId)?.entry === 'anyone';
      assert.deepEqual(operation.security, open ? [] : undefined, path);
      const named = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => `{${name}}`);
      assert.deepEqual(named, path.match(/\{\w+\}/g) ?? [], path);
      const answers = Object.values(operation.responses);
      assert.ok(answers.length >= 2 && answers.every(({ description }) => description !== ''), path);
      for (const content of [operation.requestBody?.content, ...answers.map(({ content }) => content)])
        for (const { schema } of Object.values(content ?? {})) if (schema !== undefined) ajv.compile(schema);
    }
  });

  it('says the same as docs/api.md', () => {
    const docs = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');
    const lines = routes.map(({ method, path, summary }) => `| \`${method} ${path}\` | ${summary} |`);
    assert.equal(docs.slice(docs.indexOf(lines[0] ?? 'none')).trimEnd(), lines.join('\n'));
  });

  it('describes what is answered', async () => {
    await using served = await serveApi();
    const document = (await (await served.fetch('/openapi.json')).json()) as {
      paths: Record<string, { get: Operation }>;
    };
    const schema = document.paths['/v1/models']?.get.responses['200']?.content?.['application/json']?.schema ?? false;
    const validate = new Ajv2020.default({ strict: false }).compile(schema);
    assert.ok(validate(await (await served.fetch('/v1/models')).json()));
    assert.ok(!validate({ object: 'list', data: [{ id: 7 }] }));
  });
});
