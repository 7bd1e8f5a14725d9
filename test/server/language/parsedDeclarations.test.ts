import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationsOf } from '../../../server/language/parsedDeclarations.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';

const syntax = createSyntax();
const found = async (path: string, text: string) =>
  (await declarationsOf(syntax, { path, text })).map(({ name, is, first, last }) => `${is} ${name} ${first}-${last}`);

test('what its grammar defines is declared, whatever its lines look like', async () => {
  const text = 'export function load(\n  id: string,\n): User {\n  return users[id];\n}\n\nif (load) {\n  go(1);\n}\n';
  assert.deepEqual(await found('a.ts', text), ['function load 0-4']);
  assert.deepEqual(await found('a.py', '@cached\ndef load(\n    id,\n):\n    return id\n'), ['function load 0-4']);
});

test('constants are declared too, and a function in one is not twice', async () => {
  const text =
    'const A = 1;\nexport const sum = (a: number) => {\n  return a;\n};\nclass B {\n  go() {\n    x;\n  }\n}\n';
  assert.deepEqual(await found('a.ts', text), ['constant A 0-0', 'function sum 1-3', 'type B 4-8', 'function go 5-7']);
});

test('a text that does not parse, and one without a grammar, is known by its lines', async () => {
  assert.deepEqual(await found('a.ts', 'const x = ;;; {{{\nfunction load(id) {\n  return id;\n}\n'), [
    'constant x 0-0',
    'function load 1-3',
  ]);
  assert.deepEqual(await found('a.unknown', 'def run\n  go\nend\n'), ['function run 0-2']);
  assert.deepEqual(await found('a.ts', ''), []);
});
