import type { GbnfJsonSchema } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';

/*
 * JSON schemas as people write them, in the part of the language that the library makes grammars of: it knows `oneOf` but
 * not `anyOf`, takes a schema without a type for `null`, and holds every property to be required.
 */

interface Reading {
  /** Optional properties may be null; `withoutNulls` takes those out again. */
  optionalAsNull: boolean;
}

type Loose = Readonly<Record<string, unknown>>;

/** Throws `invalid_params` for what cannot be followed. */
export function readSchema(schema: unknown, reading: Reading): GbnfJsonSchema {
  const read = (part: unknown) => readSchema(part, reading);
  if (!isObject(schema)) return ANY;
  const { description, $defs, definitions } = schema;
  const defs = isObject($defs) ? $defs : isObject(definitions) ? definitions : null;
  const shared = {
    ...(typeof description === 'string' && { description }),
    ...(defs !== null && { $defs: mapValues(defs, read) }),
  };
  const made = readPart(schema, reading);
  return Object.keys(shared).length === 0 ? made : ({ ...made, ...shared } as GbnfJsonSchema);
}

function readPart(schema: Loose, reading: Reading): GbnfJsonSchema {
  const read = (part: unknown) => readSchema(part, reading);
  const { $ref, allOf, type, properties, items, prefixItems } = schema;
  const either = schema['anyOf'] ?? schema['oneOf'];
  if ($ref !== undefined) return readReference($ref);
  if (Array.isArray(either)) return { oneOf: either.map(read) };
  if (Array.isArray(allOf)) return readPart(merge(schema, allOf), reading);
  if ('const' in schema || 'enum' in schema) return pick(schema, ['const', 'enum']);
  if (Array.isArray(type)) return { oneOf: type.map((one) => readPart({ ...schema, type: one }, reading)) };
  const says = (kind: string, hint: boolean) => type === kind || (type === undefined && hint);
  if (says('object', isObject(properties))) return readObject(schema, reading);
  if (says('array', items !== undefined || Array.isArray(prefixItems)))
    return {
      type: 'array',
      items: read(items),
      ...(Array.isArray(prefixItems) && { prefixItems: prefixItems.map(read) }),
      ...pick(schema, ['minItems', 'maxItems']),
    } as GbnfJsonSchema;
  if (type === undefined) return ANY;
  if (type === 'string' && DATES.includes(String(schema['format']))) return pick(schema, ['type', 'format']);
  if (BASIC.includes(String(type))) return pick(schema, ['type', 'minLength', 'maxLength']);
  throw new OspainError('invalid_params', `The schema has a type that there is not: ${String(type)}.`);
}

function readObject({ properties, required, additionalProperties }: Loose, reading: Reading): GbnfJsonSchema {
  const named = isObject(properties) ? properties : {};
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  const more = additionalProperties ?? Object.keys(named).length === 0;
  return {
    type: 'object',
    properties: mapValues(named, (part, name) => {
      const read = readSchema(part, reading);
      return reading.optionalAsNull && !isRequired(name) ? { oneOf: [read, { type: 'null' }] } : read;
    }),
    ...(Array.isArray(required) && { required: required.map(String) }),
    ...(more !== false && { additionalProperties: isObject(more) ? readSchema(more, reading) : true }),
  };
}

/** Takes out optional properties that are null. References are not followed: what they hold stays as it is. */
export function withoutNulls(value: unknown, schema: unknown): unknown {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, schema['items']));
  if (!isObject(value) || !isObject(schema['properties'])) return value;
  const { properties, required } = schema;
  const isOptional = (name: string) => name in properties && !(Array.isArray(required) && required.includes(name));
  const kept = Object.entries(value).filter(([name, part]) => part !== null || !isOptional(name));
  return Object.fromEntries(kept.map(([name, part]) => [name, withoutNulls(part, properties[name])]));
}

function readReference(reference: unknown): GbnfJsonSchema {
  const name = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(reference))?.[1];
  if (name === undefined)
    throw new OspainError('invalid_params', `The schema refers to ${String(reference)}, which cannot be followed.`);
  return { $ref: `#/$defs/${name}` } as GbnfJsonSchema;
}

/** Everything at once that several schemas ask for. */
function merge({ allOf: _, ...schema }: Loose, parts: readonly unknown[]): Loose {
  let merged: Loose = schema;
  for (const part of parts.filter(isObject)) {
    const [one, other] = [merged['properties'], part['properties']];
    const required = [merged['required'], part['required']].filter(Array.isArray).flat();
    merged = {
      ...merged,
      ...part,
      ...((isObject(one) || isObject(other)) && {
        properties: { ...(isObject(one) && one), ...(isObject(other) && other) },
        required,
      }),
    };
  }
  return merged;
}

const BASIC = ['string', 'number', 'integer', 'boolean', 'null'];
const DATES = ['date', 'time', 'date-time'];

const ANY: GbnfJsonSchema = {
  oneOf: [
    { type: ['string', 'number', 'boolean', 'null'] },
    { type: 'array' },
    { type: 'object', additionalProperties: true },
  ],
};

const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pick = (schema: Loose, names: readonly string[]): GbnfJsonSchema =>
  Object.fromEntries(names.flatMap((name) => (name in schema ? [[name, schema[name]]] : []))) as GbnfJsonSchema;

const mapValues = (object: Loose, map: (value: unknown, name: string) => GbnfJsonSchema) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));
