import assert from 'node:assert/strict';
import fc from 'fast-check';
import { wrongArguments } from '../../server/mcp/arguments.ts';
import { LIMITS } from '../../server/mcp/limits.ts';
import { resultText } from '../../server/mcp/resultText.ts';
import { readTools } from '../../server/mcp/toolList.ts';
import { junk } from '../support/fuzz/mutated.ts';
import { pure } from '../support/fuzz/target.ts';

/** What an MCP server says of its tools, their arguments and results: schemas that are bombs, names that are orders. */
const keyword = fc.constantFrom(
  ...[
    'type',
    'properties',
    'items',
    '$ref',
    'anyOf',
    'allOf',
    'not',
    'enum',
    'const',
    'pattern',
    'format',
    'required',
    '$defs',
    'default',
  ],
  ...[
    'additionalProperties',
    'patternProperties',
    '$id',
    '$dynamicRef',
    'minLength',
    'multipleOf',
    'if',
    'then',
    '__proto__',
    'unevaluatedItems',
    'toString',
    'valueOf',
    'toJSON',
    'uniqueItems',
  ],
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    'object',
    'string',
    '#',
    '#/$defs/a',
    '#/properties/a',
    '(a+)+$',
    'http://127.0.0.1:9/x',
    true,
    false,
    null,
    0,
    -1,
    1e300,
  ),
  junk,
);
const { schema } = fc.letrec((tie) => ({
  schema: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    leaf,
    fc.array(tie('schema'), { maxLength: 3 }),
    fc.dictionary(keyword, tie('schema'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(fc.oneof(keyword, fc.constantFrom('a', 'b', 'text')), fc.jsonValue({ maxDepth: 2 }), {
  maxKeys: 4,
});
const listed = fc.record(
  {
    name: fc.oneof(junk, fc.constantFrom('echo', 'finish', 'run_command', '../x', '', 7 as unknown as string)),
    description: fc.oneof(junk, schema),
    inputSchema: fc.oneof(
      schema,
      schema.map((properties) => ({ type: 'object', properties, required: ['a'] })),
    ),
    annotations: fc.oneof(schema, fc.constant({ readOnlyHint: true })),
  },
  { requiredKeys: [] },
);
const block = fc.dictionary(
  fc.constantFrom('type', 'text', 'data', 'mimeType', 'resource', 'uri', 'name'),
  fc.oneof(schema, fc.constantFrom('text', 'image', 'resource')),
);

export default pure(
  fc.record({
    tools: fc.array(fc.oneof(listed, schema), { maxLength: 5 }),
    given: object,
    content: fc.oneof(schema, fc.array(block, { maxLength: 4 })),
  }),
  ({ tools, given, content }) => {
    const read = readTools(tools, LIMITS);
    assert.ok(read.tools.length <= LIMITS.tools);
    for (const tool of read.tools) {
      assert.ok(!/[\p{C}\p{Zl}\p{Zp}]/u.test(tool.does), tool.does);
      const wrong = wrongArguments(tool, given);
      assert.ok(wrong === undefined || typeof wrong === 'string');
    }
    assert.equal(typeof resultText({ content }), 'string');
    assert.equal(typeof resultText({ structuredContent: content }), 'string');
  },
  500,
);
