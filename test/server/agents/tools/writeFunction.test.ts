import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openToolBench } from '../toolBench.ts';

interface Case {
  it: string;
  path?: string;
  before: string;
  name?: string;
  lines: string[];
  /** The file afterwards, or what is wrong. */
  want: string | RegExp;
}

const cases: Case[] = [
  {
    it: 'a function, whole',
    before: 'const a = 1;\n\nexport function f(n) {\n  return n;\n}\n\nf(a);\n',
    lines: ['export function f(n) {', '  return n + 1;', '}'],
    want: 'const a = 1;\n\nexport function f(n) {\n  return n + 1;\n}\n\nf(a);\n',
  },
  {
    it: 'export stays when it was forgotten',
    before: 'export default async function f(n) {\n  return n;\n}\n',
    lines: ['async function f(n) {', '  return n + 1;', '}'],
    want: 'export default async function f(n) {\n  return n + 1;\n}\n',
  },
  {
    it: 'a constant function keeps one semicolon',
    before: 'export const f = (n) => n;\nf(1);\n',
    lines: ['export const f = (n) => {', '  return n + 1;', '};'],
    want: 'export const f = (n) => {\n  return n + 1;\n};\nf(1);\n',
  },
  {
    it: 'a method, in the indentation of its class',
    before: 'class A {\n    go() {\n        return 1;\n    }\n\n    stop() {}\n}\n',
    lines: ['go() {', '  if (x) {', '    return 2;', '  }', '}'],
    name: 'A.go',
    want: 'class A {\n    go() {\n        if (x) {\n            return 2;\n        }\n    }\n\n    stop() {}\n}\n',
  },
  {
    it: 'tabs, a mark and Windows line ends',
    before: '\uFEFFclass A {\r\n\tgo() {\r\n\t\treturn 1;\r\n\t}\r\n}\r\n',
    lines: ['go() {', '    return 2;', '}'],
    name: 'go',
    want: '\uFEFFclass A {\r\n\tgo() {\r\n\t\treturn 2;\r\n\t}\r\n}\r\n',
  },
  {
    it: 'Python, with its decorator or without',
    path: 'a.py',
    before: '@cache\ndef f(a):\n    return a\n\ndef g():\n    pass\n',
    lines: ['def f(a):', '    """Doubles."""', '    return 2 * a'],
    want: '@cache\ndef f(a):\n    """Doubles."""\n    return 2 * a\n\ndef g():\n    pass\n',
  },
  {
    it: 'its comment, in the place of the one above',
    before: 'a();\n/** Old. */\nexport function f() {\n  return 1;\n}\n',
    lines: ['/** New. */', 'export function f() {', '  return 2;', '}'],
    want: 'a();\n/** New. */\nexport function f() {\n  return 2;\n}\n',
  },
  {
    it: 'a class',
    before: 'class A {\n  a() {}\n}\nclass B {}\n',
    name: 'A',
    lines: ['class A {', '  b() {}', '}'],
    want: 'class A {\n  b() {}\n}\nclass B {}\n',
  },
  {
    it: 'letters beyond ASCII stand in front of it',
    before: 'const ä = "😀";\nfunction f() { return "ü"; }\n',
    lines: ['function f() { return "ß"; }'],
    want: 'const ä = "😀";\nfunction f() { return "ß"; }\n',
  },
  {
    it: 'no such function',
    before: 'function clamp() {}\n',
    name: 'clam',
    lines: ['function clam() {}'],
    want: /nothing named clam is defined there; nearest: clamp$/,
  },
  {
    it: 'one of two',
    before: 'class A { f() {} }\nclass B { f() {} }\n',
    lines: ['f() {}'],
    want: /2 are named f \(A\.f in line 1, B\.f in line 2\)/,
  },
  { it: 'another name', before: 'function f() {}\n', lines: ['function g() {}'], want: /do not define f$/ },
  {
    it: 'half a function',
    before: 'function f() {\n}\n',
    lines: ['function f() {', '  if (a) {', '}'],
    want: /do not parse/,
  },
  {
    it: 'prose',
    before: 'function f() {\n}\n',
    lines: ['Here is the function:', 'function f() {', '}'],
    want: /do not parse|do not define/,
  },
  {
    it: 'code left out',
    before: 'function f() {\n  a();\n}\n',
    lines: ['function f() {', '  // ... existing code ...', '}'],
    want: /stands for lines left out/,
  },
  { it: 'nothing', before: 'function f() {\n}\n', lines: ['', ''], want: /missing below the call/ },
  { it: 'the same', before: 'function f() {\n}\n', lines: ['function f() {', '}'], want: /changes nothing/ },
  { it: 'a language that is not known', path: 'a.txt', before: 'f\n', lines: ['f'], want: /language is not known/ },
  {
    it: 'more than the function',
    before: 'function f() {\n  return 1;\n}\nfunction g() {}\n',
    lines: ['function f() {', '  return 2;', '}', 'function g() {', '  return 3;', '}'],
    want: /g would be there twice/,
  },
];

describe('a function written anew', () => {
  for (const { it: what, path = 'a.ts', before, name = 'f', lines, want } of cases)
    it(`${typeof want === 'string' ? 'is put in' : 'is refused'}: ${what}`, async () => {
      using at = openToolBench({ [path]: before });
      const call = { tool: 'write_function', path, name, body: lines.join('\n') };
      if (typeof want === 'string') {
        await at.told(call);
        assert.equal(at.overlay.read(at.overlay.find(path)), want);
      } else {
        assert.match(await at.refused(call), want);
        assert.deepEqual(at.overlay.changes(), []);
      }
    });
});

describe('an edit', () => {
  const edit = (path: string, search: string, replace: string) => ({
    tool: 'edit_file',
    path,
    body: [{ search, replace }],
  });
  const text = 'class A {\n  go(limit: number) {\n    const twice = 2 * limit;\n    return twice;\n  }\n}\n';

  it('that missed says that the function may be written anew', async () => {
    using at = openToolBench({ 'a.ts': text, 'a.txt': text });
    assert.equal(
      await at.refused(edit('a.ts', '    const twice = limit + limit;', 'x')),
      'the search text was not found; nearest: const twice = 2 * limit;; or write the function anew: {"tool":"write_function","path":"a.ts","name":"A.go"}, and all of its lines below'.replace(
        'nearest: const',
        'nearest:     const',
      ),
    );
    assert.doesNotMatch(await at.refused(edit('a.txt', '    const twice = limit + limit;', 'x')), /anew/);
  });

  it('that breaks the grammar says so, and is kept', async () => {
    using at = openToolBench({ 'a.ts': text, 'b.ts': 'if (\n' });
    assert.match(
      await at.told(edit('a.ts', '    return twice;', '    return twice; }')),
      /^edited a\.ts\nbut it is no valid TypeScript any more, see line \d/,
    );
    assert.equal(await at.told(edit('b.ts', 'if (', 'if ((')), 'edited b.ts', 'it was broken before');
    assert.equal(await at.told(edit('c.ts', '', 'ok();')), 'edited c.ts');
  });

  it('that leaves code out is refused', async () => {
    using at = openToolBench({ 'a.ts': text });
    assert.match(
      await at.refused(edit('a.ts', '    return twice;', '    // ... rest of the code')),
      /stands for lines left out/,
    );
  });
});
