import fc from 'fast-check';
import { z } from 'zod';
import { type MethodName, methods } from '../../../protocol/index.ts';
import { junk } from './mutated.ts';

type Json = Readonly<Record<string, unknown>>;

/** Texts under which something may be known, or that mean something to a database, a shell, a path or a page. */
const texts = fc.constantFrom(
  ...[
    '1',
    '999',
    'a.md',
    'daily/2026-11-23.md',
    'src/orders.ts',
    'ask',
    'agent',
    'default',
    'canary',
    '2026-11-23',
    '2026-02-30',
    'UTC',
  ],
  ...[
    '__proto__',
    'constructor',
    "' OR 1=1 --",
    '"; DROP TABLE tasks',
    '%',
    '*',
    '"',
    'a"b*',
    '../../x',
    '/etc/passwd',
    '\0',
    '\ud800',
    '',
  ],
  ...[
    'NEAR(a',
    'a AND',
    '-1',
    '1e3',
    '<script>',
    '%x',
    '# A\n- [ ] b ^id\n[[c]] #d\n',
    '0 2 * * *',
    'x'.repeat(5000),
    'http://127.0.0.1:9/',
  ],
);
const text = fc.oneof(
  { weight: 6, arbitrary: texts },
  { weight: 2, arbitrary: junk },
  { weight: 1, arbitrary: fc.uuid() },
);
const number = fc.oneof(
  fc.nat({ max: 5 }),
  fc.constantFrom(
    -1,
    0.5,
    2 ** 31,
    2 ** 53,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    1e300,
    1_700_000_000_000,
  ),
);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>, text);

/** Values that follow a JSON schema, and now and then do not. */
export function valuesOf(schema: Json, depth = 4): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 30, arbitrary: following(schema, depth) }, { weight: 1, arbitrary: anything });
}

function following(schema: Json, depth: number): fc.Arbitrary<unknown> {
  const { type, properties, items, anyOf, oneOf, allOf, required } = schema;
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  const ways = anyOf ?? oneOf ?? allOf;
  if (depth === 0) return anything;
  if (Array.isArray(ways)) return fc.oneof(...ways.map((way) => following(way as Json, depth - 1)));
  if (type === 'object' && typeof properties === 'object' && properties !== null) {
    const fields = Object.entries(properties).map(([name, field]) => [name, valuesOf(field as Json, depth - 1)]);
    const needed = Array.isArray(required) ? (required as string[]) : [];
    return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: needed });
  }
  if (type === 'object') return fc.dictionary(fc.string({ maxLength: 8 }), anything, { maxKeys: 3 });
  if (type === 'array') return fc.array(valuesOf((items ?? {}) as Json, depth - 1), { maxLength: 4 });
  if (type === 'string') return text;
  if (type === 'number' || type === 'integer') return number;
  if (type === 'boolean') return fc.boolean();
  return type === 'null' ? fc.constant(null) : anything;
}

export interface Message {
  method: string;
  params: unknown;
}

/** Requests of the protocol whose params follow its schemas, mostly. */
export function messages(names: readonly MethodName[]): fc.Arbitrary<Message> {
  const each = names.map((method) => {
    const schema = z.toJSONSchema(methods[method].params, { io: 'input', unrepresentable: 'any' });
    return fc.record({ method: fc.constant(method as string), params: valuesOf(schema as Json) });
  });
  return fc.oneof(...each);
}

export const allMethods = Object.keys(methods) as MethodName[];
