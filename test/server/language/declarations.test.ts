import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declarationsIn } from '../../../server/language/declarations.ts';

const found = (text: string) =>
  declarationsIn(text).map(({ name, is, first, last }) => `${is} ${name} ${first}-${last}`);

test('functions, types and constants of several languages, with the lines that belong to them', () => {
  const cases: [text: string, ...want: string[]][] = [
    ['const A = 1;\n\nexport async function load(id) {\n  return id;\n}\n', 'constant A 0-0', 'function load 2-4'],
    ['export const sum = (a: number) => {\n  return a;\n};\nconst B = 2;', 'function sum 0-2', 'constant B 3-3'],
    [
      'export default class Cart {\n  static total(a, b) {\n    return a;\n  }\n\n  get size(): number {\n    return 1;\n  }\n}\n',
      'type Cart 0-8',
      'function total 1-3',
      'function size 5-7',
    ],
    ['def load(id):\n    if id:\n        return id\n\nMAX = 3\n', 'function load 0-2'],
    ['class A:\n  async def go(self):\n    pass\n', 'type A 0-2', 'function go 1-2'],
    ['func (s *Store) Get(id int) int {\n\treturn id\n}\n', 'function Get 0-2'],
    ['pub(crate) fn run(x: u8) -> u8 {\n    x\n}\n', 'function run 0-2'],
    ['public static int sum(int a, int b) {\n  return a + b;\n}\n', 'function sum 0-2'],
    ['def run\n  go\nend\n', 'function run 0-2'],
    ['if (a) {\n  go(b);\n}\nwhile (x) {\n}\ntest("a", function () {\n});\n'],
    ['define(a);\nreturn x;\n// function of nothing\n'],
    [''],
  ];
  for (const [text, ...want] of cases) assert.deepEqual(found(text), want, text);
});

test('lines that programs squeezed are left out, and cost nothing', () => {
  const squeezed = `${'a(b,c):'.repeat(100_000)}{\n`;
  assert.deepEqual(found(`${squeezed}function load(id) {\n}\n`), ['function load 1-2']);
});
