import { z } from 'zod';
import { ErrorCodeSchema } from '../../../protocol/index.ts';
import { VERSION } from '../../version.ts';
import { JsonRpcError } from './mcp.ts';
import type { Content, Route } from './route.ts';

const OpenaiError = z.object({
  error: z.object({
    message: z.string(),
    type: z.string(),
    param: z.string().nullable(),
    code: z.string().nullable(),
  }),
});
const OwnError = z.object({ code: ErrorCodeSchema, message: z.string(), hint: z.string().optional() });

/** The routes as an OpenAPI 3.1 document. Source: OpenAPI Specification 3.1.1; its schemas are JSON Schema 2020-12. */
export function openApiOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const row of routes) paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(row) };
  return {
    openapi: '3.1.1',
    info: {
      title: 'OSPAiN2',
      version: VERSION,
      description: 'Models, inference and tasks of one machine, for its programs.',
    },
    security: [{ token: [] }],
    paths,
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operationOf(row: Route): object {
  const error = row.path.startsWith('/v1/') ? OpenaiError : row.group === 'MCP' ? JsonRpcError : OwnError;
  const answers = Object.entries(row.answers).map(([status, [description, ...contents]]) => [
    status,
    { description, ...(contents.length > 0 && { content: contentOf(contents, 'output') }) },
  ]);
  return {
    operationId: row.id,
    tags: [row.group],
    summary: row.summary,
    ...(row.entry === 'anyone' && { security: [] }),
    parameters: [
      ...[...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
        ...{ name, in: 'path', required: true, schema: { type: 'string' } },
      })),
      ...Object.entries(row.query?.shape ?? {}).map(([name, schema]) => ({
        ...{ name, in: 'query', required: false, schema: schemaOf(schema as z.ZodType, 'input') },
      })),
      ...Object.entries(row.headers ?? {}).map(([name, description]) => ({
        ...{ name, in: 'header', description, schema: { type: 'string' } },
      })),
    ],
    ...(row.body && { requestBody: { required: true, content: contentOf([row.body], 'input') } }),
    ...(row.stream && {
      requestBody: { required: true, content: contentOf([{ type: 'application/octet-stream' }], 'input') },
    }),
    responses: {
      ...Object.fromEntries(answers),
      default: { description: 'Why not.', content: contentOf([error], 'output') },
    },
  };
}

const contentOf = (contents: readonly Content[], io: 'input' | 'output'): object =>
  Object.fromEntries(
    contents.map((content) => {
      if (!(content instanceof z.ZodType)) return [content.type, {}];
      return ['application/json', { schema: schemaOf(content, io) }];
    }),
  );

function schemaOf(content: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(content, { io, unrepresentable: 'any' });
  return schema;
}
