import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSchema, withoutNulls } from '../../../../server/inference/llama/schema.ts';

const read = (schema: unknown, optionalAsNull = false) => readSchema(schema, { optionalAsNull });

test('what the library knows stays as it is', () => {
  const schemas = [
    { type: 'string', maxLength: 5 },
    { type: 'string', format: 'date' },
    { enum: ['a', 1, null] },
    { const: 4 },
    { type: 'array', items: { type: 'integer' }, minItems: 2 },
    { oneOf: [{ type: 'null' }, { type: 'number' }] },
    { type: 'object', properties: { a: { type: 'string', description: 'A.' } }, required: ['a'] },
  ];
  for (const schema of schemas) assert.deepEqual(read(schema), schema);
});

test('what it does not know is said in its words', () => {
  assert.deepEqual(read({ anyOf: [{ type: 'string' }] }), { oneOf: [{ type: 'string' }] });
  assert.deepEqual(read({ type: ['array', 'null'], items: { type: 'string' } }), {
    oneOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }],
  });
  assert.deepEqual(read({ type: 'string', format: 'email', pattern: 'x' }), { type: 'string' });
  const named = { definitions: { id: { type: 'integer' } }, properties: { id: { $ref: '#/definitions/id' } } };
  assert.deepEqual(read(named), {
    type: 'object',
    properties: { id: { $ref: '#/$defs/id' } },
    $defs: { id: { type: 'integer' } },
  });
  const both = {
    allOf: [
      { type: 'object', properties: { a: { type: 'null' } }, required: ['a'] },
      { properties: { b: { const: 1 } }, required: ['b'] },
    ],
  };
  assert.deepEqual(read(both), {
    type: 'object',
    properties: { a: { type: 'null' }, b: { const: 1 } },
    required: ['a', 'b'],
  });
});

test('a schema that says nothing allows anything', () => {
  for (const schema of [{}, true, undefined]) assert.ok('oneOf' in read(schema));
  assert.deepEqual(read({ type: 'object' }), { type: 'object', properties: {}, additionalProperties: true });
});

test('an optional property may be null, and is taken out again', () => {
  const part = { type: 'object', properties: { a: { type: 'null' }, b: { type: 'string' } }, required: ['a'] };
  const schema = { type: 'object', properties: { part, list: { type: 'array', items: part } }, required: ['part'] };
  assert.deepEqual(read(part, true), {
    type: 'object',
    properties: { a: { type: 'null' }, b: { oneOf: [{ type: 'string' }, { type: 'null' }] } },
    required: ['a'],
  });
  const value = {
    part: { a: null, b: null },
    list: [
      { a: null, b: 'x' },
      { a: null, b: null },
    ],
  };
  assert.deepEqual(withoutNulls(value, schema), { part: { a: null }, list: [{ a: null, b: 'x' }, { a: null }] });
  assert.deepEqual(withoutNulls({ part: { a: null }, list: null }, schema), { part: { a: null } });
});

test('what cannot be followed is refused', () => {
  for (const schema of [{ type: 'whatever' }, { $ref: 'other.json#/x' }, { properties: { a: { type: 7 } } }])
    assert.throws(() => read(schema), { code: 'invalid_params' });
});
