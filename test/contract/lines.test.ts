import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { z } from 'zod';
import { lines } from '../../protocol/lines.ts';
import { jsonLines, ownWorkspace } from '../cli/command.ts';

/** Programs read these, so what was there once stays: fields may come, and none may go or become optional. */
const KNOWN = new URL('./lines.json', import.meta.url);

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  const?: unknown;
}

/** Every field as `task.error.code`; `?` behind one that may be missing, `[]` for a list. */
function pathsOf(schema: Schema, at: string): string[] {
  const below = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((one) => pathsOf(one, at));
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${at}.${name}${schema.required?.includes(name) ? '' : '?'}`;
    return [path, ...pathsOf(field, path)];
  });
  return [...below, ...fields, ...(schema.items === undefined ? [] : pathsOf(schema.items, `${at}[]`))];
}

const allPaths = (schemas: Readonly<Record<string, z.ZodType>>): string[] =>
  Object.entries(schemas).flatMap(([name, schema]) => [
    name,
    ...new Set(pathsOf(z.toJSONSchema(schema, { unrepresentable: 'any', reused: 'inline' }) as Schema, name)),
  ]);

describe('the lines of --json', { timeout: 120_000 }, () => {
  it('keep every field that they had', () => {
    const now = allPaths(lines).toSorted();
    if (process.env['OSPAIN2_GOLDEN'] === 'rewrite') writeFileSync(KNOWN, `${JSON.stringify(now, undefined, 2)}\n`);
    const known = JSON.parse(readFileSync(KNOWN, 'utf8')) as string[];
    const gone = known.filter((path) => !now.includes(path));
    assert.deepEqual(gone, [], 'these are gone or optional; OSPAIN2_GOLDEN=rewrite takes what is there now');
    assert.deepEqual(
      now.filter((path) => !known.includes(path)),
      [],
      'these are new: OSPAIN2_GOLDEN=rewrite keeps them',
    );
  });

  it('are told apart when a field goes, is renamed or becomes optional', () => {
    const paths = (schema: z.ZodType) => allPaths({ one: schema });
    assert.deepEqual(
      paths(z.object({ a: z.object({ b: z.number() }).nullable(), c: z.array(z.object({ d: z.string() })) })),
      [...['one', 'one.a', 'one.a.b', 'one.c', 'one.c[].d']],
    );
    assert.deepEqual(paths(z.object({ a: z.number().optional() })), ['one', 'one.a?']);
  });

  const { cli } = ownWorkspace();
  const commands = [
    ['task', 'new', 'Change RETRY_MAX to 5 in src/limits.ts'],
    ['task', 'list'],
    ['task', 'steps', '1'],
    ['note', 'add', 'idea', '# Idea'],
    ['note', 'list'],
    ['item', 'add', 'Release notes'],
    ['schedule', 'add', '--cron', '0 2 * * *', 'Tidy up'],
    ['queue', 'status'],
    ['index', 'status'],
    ['model', 'list'],
    ['approval', 'list'],
    ['audit', 'show'],
    ['status'],
  ];
  it('have the form that they are said to have', async () => {
    const seen = new Set<string>();
    for (const args of commands) {
      const { code, out, err } = await cli([...args, '--json']);
      assert.equal(code, 0, `${args.join(' ')}: ${err}`);
      for (const line of jsonLines(out))
        for (const [name, value] of Object.entries(line)) {
          const schema = (lines as Readonly<Record<string, z.ZodType>>)[name];
          assert.ok(schema, `${args.join(' ')} says ${name}, which nothing describes`);
          schema.parse(value);
          seen.add(name);
        }
    }
    assert.ok(seen.size >= 10, [...seen].join(' '));
    const { err } = await cli(['task', 'show', '77', '--json']);
    assert.equal(lines.error.parse(jsonLines(err)[0]?.['error']).code, 'not_found');
  });
});
