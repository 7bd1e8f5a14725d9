import { z } from 'zod';
import { methods, notifications } from '../../protocol/index.ts';

/** Every method and notification with the names of its fields; `?` for those that may be left out. */
export function methodList(): string {
  const rows = Object.entries(methods)
    .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([name, { params, result }]) => `| \`${name}\` | ${fields(params, 'input')} | ${fields(result, 'output')} |`);
  const told = Object.entries(notifications)
    .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([name, params]) => `| \`${name}\` | ${fields(params, 'output')} |`);
  return [
    '### Methods\n\n| method | params | result |\n| --- | --- | --- |',
    rows.join('\n'),
    '\n### Notifications\n\n| notification | params |\n| --- | --- |',
    told.join('\n'),
  ].join('\n');
}

function fields(schema: z.ZodType, io: 'input' | 'output'): string {
  const shape = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Shape;
  const shapes = shape.properties === undefined ? (shape.anyOf ?? shape.oneOf ?? shape.allOf ?? []) : [shape];
  const all = new Map<string, boolean>();
  for (const { properties = {}, required = [] } of shapes)
    for (const name of Object.keys(properties)) all.set(name, (all.get(name) ?? true) && required.includes(name));
  return [...all].map(([name, isRequired]) => (isRequired ? name : `${name}?`)).join(', ') || '–';
}

interface Shape {
  properties?: Record<string, unknown>;
  required?: string[];
  anyOf?: Shape[];
  oneOf?: Shape[];
  allOf?: Shape[];
}
