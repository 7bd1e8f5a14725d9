import { setTimeout as delay } from 'node:timers/promises';
import {
  type CallToolResult,
  completable,
  type ElicitRequestFormParams,
  fromJsonSchema,
  type McpServer,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Offer } from '../../server/transports/mcp/offer.ts';

/** A picture of one red point. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
/** A header of a WAV file without a sample. */
const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQAAAAA=';

/** What the official conformance suite asks of a server: tools, resources and prompts by its names. Never shipped. */
export const conformanceOffer: Offer = {
  name: 'conformance',
  title: 'Conformance',
  version: '1.0.0',
  instructions: 'Answers the conformance suite.',
  register(server) {
    registerTools(server);
    registerAsking(server);
    registerResources(server);
    registerPrompts(server);
  },
  onChange: () => () => {},
};

const text = (words: string): CallToolResult => ({ content: [{ type: 'text', text: words }] });
const picture = { type: 'image', data: PNG, mimeType: 'image/png' } as const;

function registerTools(server: McpServer): void {
  const add = (name: string, run: (context: ServerContext) => CallToolResult | Promise<CallToolResult>) =>
    server.registerTool(name, { description: name.replaceAll('_', ' ') }, run);
  const file = (uri: string, mimeType: string, content: string) =>
    ({ type: 'resource', resource: { uri, mimeType, text: content } }) as const;

  add('test_simple_text', () => text('This is a simple text response for testing.'));
  add('test_image_content', () => ({ content: [picture] }));
  add('test_audio_content', () => ({ content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] }));
  add('test_embedded_resource', () => ({
    content: [file('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
  }));
  add('test_multiple_content_types', () => ({
    content: [
      { type: 'text', text: 'Multiple content types test:' },
      picture,
      file('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  }));
  add('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  add('test_tool_with_logging', async ({ mcpReq }) => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.log('info', line);
      await delay(50);
    }
    return text('Logged.');
  });
  add('test_tool_with_progress', async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress, total: 100, message: `Completed step ${progress} of 100` },
        });
      await delay(50);
    }
    return text('Done.');
  });
  add('test_reconnection', async ({ http }) => {
    http?.closeSSE?.();
    await delay(100);
    return text('Reconnection test completed successfully.');
  });
  server.registerTool(
    'json_schema_2020_12_tool',
    {
      description: 'Tool with JSON Schema 2020-12 features',
      inputSchema: fromJsonSchema<Record<string, unknown>>({
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
        properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
        additionalProperties: false,
      }),
    },
    (args) => text(JSON.stringify(args)),
  );
}

/**
 * Tools that ask the client, as the versions up to 2025-11-25 do it. `send` asks on the stream of the call; the context's own
 * helpers ask on the stream that a client opens for itself, which may not be open yet.
 */
function registerAsking(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the client’s model', inputSchema: z.object({ prompt: z.string() }) },
    async ({ prompt }, { mcpReq }) => {
      const answer = await mcpReq.send({
        method: 'sampling/createMessage',
        params: { messages: [{ role: 'user', content: { type: 'text', text: prompt } }], maxTokens: 100 },
      });
      const said = Array.isArray(answer.content) ? answer.content[0] : answer.content;
      return text(`LLM response: ${said?.type === 'text' ? said.text : 'nothing'}`);
    },
  );
  const ask = (name: string, schema: ElicitRequestFormParams['requestedSchema']) =>
    server.registerTool(
      name,
      { description: 'Asks the person', inputSchema: z.object({ message: z.string().default('Please answer') }) },
      async ({ message }, { mcpReq }) => {
        const { action, content } = await mcpReq.send({
          method: 'elicitation/create',
          params: { message, requestedSchema: schema },
        });
        return text(`User response: action=${action}, content=${JSON.stringify(content ?? {})}`);
      },
    );
  const words = (properties: ElicitRequestFormParams['requestedSchema']['properties'], required: string[] = []) =>
    ({ type: 'object', properties, required }) as const;

  ask(
    'test_elicitation',
    words(
      {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      },
      ['username', 'email'],
    ),
  );
  ask(
    'test_elicitation_sep1034_defaults',
    words({
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  );
  const titled = ['First', 'Second', 'Third'].map((title, at) => ({
    const: `value${at + 1}`,
    title: `${title} Option`,
  }));
  ask(
    'test_elicitation_sep1330_enums',
    words({
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: titled },
      legacyEnum: {
        type: 'string',
        enum: ['opt1', 'opt2', 'opt3'],
        enumNames: ['Option One', 'Option Two', 'Option Three'],
      },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: titled } },
    }),
  );
}

function registerResources(server: McpServer): void {
  const add = (name: string, mimeType: string, content: { text: string } | { blob: string }) =>
    server.registerResource(name, `test://${name}`, { description: name, mimeType }, ({ href }) => ({
      contents: [{ uri: href, mimeType, ...content }],
    }));
  add('static-text', 'text/plain', { text: 'This is the content of the static text resource.' });
  add('static-binary', 'image/png', { blob: PNG });
  add('watched-resource', 'text/plain', { text: 'Watched.' });
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'by an id', mimeType: 'application/json' },
    ({ href }, { id }) => ({
      contents: [
        {
          uri: href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}

function registerPrompts(server: McpServer): void {
  const say = (words: string) => ({ role: 'user', content: { type: 'text', text: words } }) as const;
  server.registerPrompt('test_simple_prompt', { description: 'simple' }, () => ({
    messages: [say('This is a simple prompt for testing.')],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'with arguments',
      argsSchema: z.object({ arg1: completable(z.string(), () => ['paris', 'park', 'party']), arg2: z.string() }),
    },
    ({ arg1, arg2 }) => ({ messages: [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'with a resource', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri: uri }) => {
      const resource = { uri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' };
      return {
        messages: [
          { role: 'user', content: { type: 'resource', resource } },
          say('Please process the embedded resource above.'),
        ],
      };
    },
  );
  server.registerPrompt('test_prompt_with_image', { description: 'with a picture' }, () => ({
    messages: [{ role: 'user', content: picture }, say('Please analyze the image above.')],
  }));
}
