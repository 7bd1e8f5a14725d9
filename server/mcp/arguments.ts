import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv';
import type { McpTool } from './toolList.ts';

/** How deep a schema is looked at. */
const MAX_DEPTH = 24;

/** What is wrong with the arguments of a call, in words that a model can act on; undefined when nothing is. */
export function wrongArguments(
  { name, schema }: McpTool,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  const missing = required(schema).filter((field) => given[field] === undefined);
  if (missing.length > 0) return `${name} needs ${missing.map((field) => JSON.stringify(field)).join(' and ')}`;
  try {
    const validated = new AjvJsonSchemaValidator().getValidator(harmless(schema, MAX_DEPTH) as never)(given);
    return validated.valid
      ? undefined
      : `${name}: ${validated.errorMessage ?? 'the arguments are not as they should be'}`;
  } catch {
    // A schema that nobody can read: the server itself says what it does not like.
    return undefined;
  }
}

export function required({ required: names }: Readonly<Record<string, unknown>>): string[] {
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string').slice(0, 50) : [];
}

/**
 * The same schema without what could keep us busy for long, or lead elsewhere: patterns of a stranger's are run by nobody
 * here, and a reference leads within the schema or nowhere.
 */
function harmless(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return true;
  if (Array.isArray(value)) return value.map((one) => harmless(one, depth - 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !LEFT_OUT.includes(key) || typeof inner !== 'string')
      .filter(([key]) => key !== 'patternProperties')
      .filter(([key, inner]) => key !== '$ref' || (typeof inner === 'string' && inner.startsWith('#')))
      .map(([key, inner]) => [key, harmless(inner, depth - 1)]),
  );
}

const LEFT_OUT = ['pattern', 'format', '$schema', '$id', '$dynamicRef', '$anchor', '$dynamicAnchor'];
