import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { languages } from '../../../server/syntax/languages.ts';
import { createSyntax } from '../../../server/syntax/syntax.ts';

const syntax = createSyntax();

/** A file of each language, and what it defines: name, kind and line. */
const files: [path: string, lines: string[], definitions: string[]][] = [
  [
    'a.ts',
    [
      '/** Adds. */',
      'export async function add(a: number) { return a; }',
      'export default class Box<T> {',
      '  static #size = 1;',
      '  get size() { return 1; }',
      '  open = () => 1;',
      '}',
      'export const half = (n: number) => n / 2, twice = 2;',
      'interface Shape { area(): number }',
      'type Name = string;',
      'enum Colour { Red }',
      'namespace Deep { export function inner() {} }',
      'abstract class Base { abstract go(): void }',
    ],
    [
      'function add 2',
      'class Box 3',
      'function Box.size 5',
      'function Box.open 6',
      'function half 8',
      'type Shape 9',
      'type Name 10',
      'type Colour 11',
      'module Deep 12',
      'function Deep.inner 12',
      'class Base 13',
      'function Base.go 13',
    ],
  ],
  ['a.tsx', ['const View = () => <p>{1}</p>;'], ['function View 1']],
  ['a.js', ['function* all() {}', 'class A { b() {} }'], ['function all 1', 'class A 2', 'function A.b 2']],
  [
    'a.py',
    ['@cache', 'def f(a):', '    def g(): pass', 'class C:', '    async def m(self): ...'],
    ['function f 2', 'function f.g 3', 'class C 4', 'function C.m 5'],
  ],
  [
    'a.go',
    ['package a', 'func (b *Box) Open() {}', 'type Box struct{}', 'func main() {}'],
    ['function Open 2', 'type Box 3', 'function main 4'],
  ],
  [
    'a.rs',
    ['impl Box { pub fn open(&self) {} }', 'struct Box;', 'mod deep { fn f() {} }', 'trait T {}'],
    ['function open 1', 'type Box 2', 'module deep 3', 'function deep.f 3', 'type T 4'],
  ],
  [
    'A.java',
    ['class A {', '  A() {}', '  int b() { return 1; }', '}', 'record R(int a) {}'],
    ['class A 1', 'function A.A 2', 'function A.b 3', 'type R 5'],
  ],
  [
    'A.cs',
    ['namespace N {', '  class A { int B() { return 1; } }', '}'],
    ['module N 1', 'class N.A 2', 'function N.A.B 2'],
  ],
  [
    'a.cpp',
    ['template <class T> T add(T a) { return a; }', 'struct S { int f() { return 1; } };', 'int S::g() { return 1; }'],
    ['function add 1', 'type S 2', 'function S.f 2', 'function S::g 3'],
  ],
  ['a.c', ['static char *name(void) { return 0; }'], ['function name 1']],
  [
    'a.php',
    ['<?php', 'function f() {}', 'class A { public function b() {} }'],
    ['function f 2', 'class A 3', 'function A.b 3'],
  ],
  [
    'a.rb',
    ['module M', '  class A', '    def self.b; end', '    def c; end', '  end', 'end'],
    ['module M 1', 'class M.A 2', 'function M.A.b 3', 'function M.A.c 4'],
  ],
  ['a.sh', ['go() { echo; }', 'function stop { echo; }'], ['function go 1', 'function stop 2']],
  [
    'a.ps1',
    ['function Get-It { 1 }', 'class A { [int] B() { return 1 } }'],
    ['function Get-It 1', 'class A 2', 'function A.B 2'],
  ],
];

describe('the structure of a file', () => {
  for (const [path, lines, wanted] of files)
    it(path, async () => {
      const parsed = await syntax.parse(path, `${lines.join('\n')}\n`);
      const said = parsed?.definitions.map(
        ({ kind, within, name, line }) => `${kind} ${[...within, name].join('.')} ${line}`,
      );
      assert.deepEqual(said, wanted);
      assert.deepEqual(parsed?.problems, []);
    });

  it('is known of every language that has a table', () => {
    const told = new Set(files.map(([path]) => path));
    assert.ok(told.size >= languages.length);
  });

  it('says where a definition stands, with what belongs to it', async () => {
    const text = 'ä = 1;\nexport const f = () => {\n  return 1;\n};\nexport default function g() {}\n';
    const [f, g] = (await syntax.parse('a.ts', text))?.definitions ?? [];
    assert.equal(text.slice(f?.start, f?.end), 'const f = () => {\n  return 1;\n};');
    assert.equal(text.slice(f?.outerStart, f?.outerEnd), 'export const f = () => {\n  return 1;\n};');
    assert.equal(text.slice(g?.start, g?.end), 'function g() {}');
    assert.equal(text.slice(g?.outerStart, g?.outerEnd), 'export default function g() {}');
    const python = '@cache\ndef f():\n    pass\n';
    const [d] = (await syntax.parse('a.py', python))?.definitions ?? [];
    assert.equal(python.slice(d?.start, d?.end), 'def f():\n    pass');
    assert.equal(python.slice(d?.outerStart, d?.outerEnd), '@cache\ndef f():\n    pass');
  });
});

describe('what does not follow the grammar', () => {
  it('is said with its line', async () => {
    const problems = async (path: string, ...lines: string[]) => (await syntax.parse(path, lines.join('\n')))?.problems;
    assert.deepEqual(await problems('a.ts', 'const a = 1;', 'function f( {', '}'), [
      { line: 2, text: 'function f( {' },
    ]);
    assert.equal((await problems('a.py', 'def f():', '  return (1', 'x = 2'))?.length, 1);
    assert.deepEqual(await problems('a.txt', '((('), undefined);
  });

  it('is no trouble: deep, long, large, or no text at all', async () => {
    for (const text of [
      '('.repeat(100_000),
      '{"a":'.repeat(50_000),
      '\0\uFFFF\u{10FFFF}',
      '`${'.repeat(20_000),
      'x'.repeat(500_000),
    ])
      for (const path of ['a.ts', 'a.py', 'a.cpp', 'a.sh']) await syntax.parse(path, text);
    // Finding definitions in this takes longer than anybody waits, by orders of magnitude.
    assert.equal(await syntax.parse('a.ts', '('.repeat(100_000)), undefined);
    assert.equal(await syntax.parse('a.ts', ' '.repeat(1_000_000)), undefined);
    // The clock stands at the end of the time at once.
    let time = 0;
    const hurried = createSyntax({ now: () => (time += 1000) });
    assert.equal(await hurried.parse('a.ts', 'f();\n'.repeat(20_000)), undefined);
    assert.equal((await syntax.parse('a.ts', 'function f() {}'))?.definitions.length, 1);
  });
});
