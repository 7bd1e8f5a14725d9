import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shape, takesBlock } from '../../../server/completion/shape.ts';

const whole = { isWhole: true };
const cases: { name: string; before: string; raw: string; after?: string; shown: string }[] = [
  { name: 'the rest of the line', before: 'const a = ', raw: 'b + c;\nconst d = 1;', shown: 'b + c;' },
  { name: 'a line before other code', before: 'f(', raw: 'a, b);\ng();', after: ', c);', shown: 'a, b);' },
  { name: 'what the editor closed', before: 'f(', raw: 'a, b)', after: ')', shown: 'a, b' },
  { name: 'a call of its own before what the editor closed', before: 'f(', raw: 'g(x)', after: ')', shown: 'g(x)' },
  { name: 'a call and then what the editor closed', before: 'f(', raw: 'g(x));', after: ');', shown: 'g(x)' },
  { name: 'a quote that the editor closed', before: "say('", raw: "hello')", after: "')", shown: 'hello' },
  { name: 'a string of its own', before: 'f(', raw: "'a'", after: ')', shown: "'a'" },
  {
    name: 'a block with its end',
    before: 'function f() {',
    raw: '\n  return 1;\n}\n\nfunction g() {}',
    shown: '\n  return 1;\n}',
  },
  {
    name: 'a block whose end stands there',
    before: 'function f() {',
    raw: '\n  return 1;\n}\n',
    after: '\n}\n',
    shown: '\n  return 1;',
  },
  {
    name: 'statements up to the end of the block around them',
    before: 'function f() {\n  ',
    raw: 'const a = 1;\n  return a;\n}\nf();',
    shown: 'const a = 1;\n  return a;',
  },
  {
    name: 'a body in Python',
    before: 'def f(a):',
    raw: '\n    b = a\n\n    return b\n\ndef g():\n    pass',
    shown: '\n    b = a\n\n    return b',
  },
  {
    name: 'the lines that follow already',
    before: 'const a = {\n  ',
    raw: 'one: 1,\n  two: 2,',
    after: '\n  two: 2,\n};',
    shown: 'one: 1,',
  },
  { name: 'a repetition of the line before', before: 'x += 1;\n', raw: 'x += 1;', shown: '' },
  { name: 'nothing but space', before: 'a', raw: '  \n', shown: '' },
];

for (const { name, before, raw, after = '', shown } of cases)
  test(`cuts to ${name}`, () => assert.equal(shape(raw, { prefix: before, suffix: after }, whole).text, shown));

test('says when more of the answer would change nothing', () => {
  const line = { prefix: 'a = ', suffix: '' };
  assert.equal(shape('b', line, { isWhole: false }).isFinished, false);
  assert.equal(shape('b\n', line, { isWhole: false }).isFinished, true);
  const block = { prefix: 'if (a) {', suffix: '' };
  assert.equal(shape('\n  b();\n}', block, { isWhole: false }).isFinished, false);
  assert.equal(shape('\n  b();\n}\n', block, { isWhole: false }).isFinished, true);
});

test('a suggestion ends after some lines', () => {
  const endless = Array.from({ length: 99 }, (_, at) => `  line${at}();`).join('\n');
  const { text, isFinished } = shape(endless, { prefix: '  ', suffix: '' }, { isWhole: false });
  assert.equal(text.split('\n').length, 24);
  assert.equal(isFinished, true);
});

test('a block is for an empty line and behind an opener', () => {
  for (const prefix of ['', 'a;\n  ', 'if (a) {', 'f(', 'x = [', 'const f = () =>', 'def f():'])
    assert.equal(takesBlock({ prefix, suffix: '' }), true, prefix);
  for (const prefix of ['a', 'return ', 'const a = ']) assert.equal(takesBlock({ prefix, suffix: '' }), false, prefix);
  assert.equal(takesBlock({ prefix: 'f(', suffix: ')' }), false);
});
