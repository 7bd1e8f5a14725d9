import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { OspainError, type TaskContext } from '../../../protocol/index.ts';
import { isCallOf, parseCall } from '../../../server/agents/format.ts';
import { TAG_CUES } from '../../../server/agents/tagCues.ts';
import {
  questionTurn,
  requestTurn,
  taughtGoal,
  taughtNote,
  taughtQuestion,
  taughtRequest,
} from '../../../server/agents/taught.ts';
import { isAsked, leftOver } from '../../../server/agents/taughtEdit.ts';
import { editFile } from '../../../server/agents/tools/editFile.ts';
import { formsOf, toolsOf } from '../../../server/agents/tools/toolSet.ts';
import { asSubmitted } from './lesson.ts';

const isNotTaught = (error: unknown) =>
  error instanceof OspainError &&
  error.code === 'not_taught' &&
  /GGUF/.test(error.hint ?? '') &&
  error.message.length > 40;

const CONSTANT = [
  'In {p}, change the constant {n} to {m}.',
  'Set {n} to {m} in {p}.',
  'set {n} to {m} in {p}',
  'Change {n} in {p} to {m}.',
  'In {p}, set {n} to {m}.',
  'Please change {n} to {m} in {p}.',
  'The constant {n} in {p} should be {m}.',
  '{p}: {n} should be {m}',
  'Make {n} {m} in {p}.',
  'Update {n} to {m} in {p}',
  'change {n} in {p} to {m}',
  'Can you set {n} to {m} in {p}?',
  'In {p} the constant {n} must be {m}.',
  'set {n} in {p} to {m}',
  'change the constant {n} to {m} in {p}',
  'set the constant {n} to {m} in {p}',
  '{n} in {p} should be {m}',
  'Hey, can you set {n} to {m} in {p}?',
  'I want {n} in {p} to be {m}.',
  'Set `{n}` to `{m}` in `{p}`, please!',
  'could you please update the value of {n} to {m} in the file {p}? thanks',
  '{n} = {m} in {p}',
  'Change {n} from 1 to {m} in {p}',
  'i would like you to make {n} equal to {m} in {p}',
];
const RENAME = [
  'Rename the function {n} to {m} in {p}.',
  'rename {n} to {m} in {p}',
  'In {p}, rename {n} to {m}.',
  'In {p}, rename the function {n} to {m}.',
  'Please rename {n} in {p} to {m}.',
  '{n} in {p} should be called {m}.',
  'Rename {n} to {m} in {p}.',
  'Change the name of {n} to {m} in {p}.',
  'Can you rename {n} to {m} in {p}?',
  'The function {n} in {p} should be named {m}.',
  'rename {n} to {m} in {p}, thanks',
  'Hey, could you rename {n}() to {m}() in {p}?',
  'change the name of the function {n} to {m} in {p}',
  'rename {n} as {m} in {p} please',
];
const DOCUMENT = [
  'Add a doc comment to {n} in {p}: {t}',
  'add a comment to {n} in {p}: {t}',
  'In {p}, document {n}: {t}',
  'Document {n} in {p}: {t}',
  'Please add a doc comment above {n} in {p}: {t}',
  'In {p}, add a doc comment to {n}: {t}',
  'Put this comment on {n} in {p}: {t}',
  'can you document the function {n} in {p}: {t}',
  '{p}: document {n}: {t}',
  'Write a documentation comment for {n} in {p}: {t}',
];
const fill = (text: string, values: Record<string, string>) =>
  text.replace(/\{(\w)\}/g, (_, key: string) => values[key] ?? '');

describe('an instruction that was taught', () => {
  const path = 'src/core/retry-limits.ts';
  for (const phrase of CONSTANT)
    it(phrase, () => {
      for (const value of ['5', '0', '1.5', 'true', '"a-b c"', "'/x'"])
        assert.deepEqual(taughtRequest(fill(phrase, { n: 'RETRY_MAX', m: value, p: path }), null), {
          act: 'constant',
          path,
          name: 'RETRY_MAX',
          value,
        });
    });
  for (const phrase of RENAME)
    it(phrase, () =>
      assert.deepEqual(taughtRequest(fill(phrase, { n: 'loadUser', m: 'fetchUser', p: path }), null), {
        act: 'rename',
        path,
        name: 'loadUser',
        newName: 'fetchUser',
      }),
    );
  for (const phrase of DOCUMENT)
    it(phrase, () => {
      for (const text of [
        'Loads one user.',
        'Returns true if the user is valid',
        'See: the guide in docs/a.md, please',
      ])
        assert.deepEqual(taughtRequest(fill(phrase, { n: 'loadUser', t: text, p: path }), null), {
          act: 'document',
          path,
          name: 'loadUser',
          text,
        });
    });
  it('may leave the file to what the person is looking at', () => {
    const context: TaskContext = { path: 'lib/a.js' };
    assert.equal(requestTurn(taughtRequest('set PORT to 80', context)), 'Set PORT to 80 in lib/a.js.');
    assert.equal(requestTurn(taughtRequest('rename go to run', context)), 'Rename go to run in lib/a.js.');
    assert.equal(
      requestTurn(taughtRequest('document go: Goes.', context)),
      'Add a doc comment to go in lib/a.js: Goes.',
    );
    assert.equal(requestTurn(taughtRequest('set PORT to 80 in src\\b.ts', context)), 'Set PORT to 80 in src/b.ts.');
  });
});

describe('an instruction that was not taught is refused', () => {
  for (const instruction of [
    'Fix the bug in src/a.ts',
    'Write tests for src/a.ts',
    'Set RETRY_MAX to 5',
    'Set RETRY_MAX to 5 in src/a.ts and in src/b.ts',
    'In src/a.ts, set RETRY_MAX to 5 in src/b.ts',
    'Set RETRY_MAX to 5 and CACHE_TTL to 6 in src/a.ts',
    'Set RETRY_MAX to 5 * 60 in src/a.ts',
    'Set RETRY_MAX to -5 in src/a.ts',
    'Set RETRY_MAX to process.env.MAX in src/a.ts',
    'Delete src/a.ts',
    'Rename src/a.ts to src/b.ts',
    'Rename loadUser to fetchUser everywhere',
    'Rename RETRY_MAX to MAX_RETRY in src/a.ts',
    'Rename go to go in src/a.ts',
    'Document everything in src/a.ts',
    'Document loadUser in src/a.ts',
    'Document loadUser in src/a.ts: ends */ alert(1) /*',
    'Add a comment to loadUser in src/a.ts: one\ntwo',
    'Do not set RETRY_MAX to 5 in src/a.ts',
    'Why is RETRY_MAX 5 in src/a.ts?',
    'What does loadUser in src/a.ts do?',
    'hello',
    '',
    'x'.repeat(20_000),
    `set ${'a '.repeat(20_000)}to 5 in src/a.ts`,
  ])
    it(instruction.slice(0, 60), () => assert.throws(() => taughtRequest(instruction, null), isNotTaught));
});

test('every phrasing of the lessons is understood as it was meant', async () => {
  // By address: the making of the model is no part of this project of TypeScript.
  const lessons: string = new URL('../../../models/canary/generate.ts', import.meta.url).href;
  const { Lessons, AGENT_SKILLS } = await import(lessons);
  const forms = formsOf(toolsOf('tiny'));
  const made = new Lessons(20261123, 'test');
  for (const skill of AGENT_SKILLS)
    for (let n = 0; n < 150; n++) {
      const [instruction, first, ...rest]: string[] = made.make(skill).turns;
      const request = taughtRequest(...asSubmitted(instruction ?? ''));
      const read = parseCall(first ?? '', forms);
      assert.equal(request.path, read.ok ? read.call['path'] : '', instruction);
      // What the lesson does is what the product will let through.
      for (const [at, turn] of rest.entries()) {
        const call = parseCall(turn, forms);
        if (!call.ok || !isCallOf(editFile, call.call) || !['const', 'rename', 'call', 'doc'].includes(skill)) continue;
        const [edit] = call.call.body;
        assert.ok(
          edit && isAsked(request, { path: request.path, before: edit.search, after: edit.replace }),
          `${instruction}: ${rest[at]}`,
        );
      }
    }
  for (let n = 0; n < 150; n++) {
    const [asked = ''] = made.make('ask').turns as string[];
    const text = asked.slice(asked.indexOf('\n\n') + 2);
    const { name, path } = taughtQuestion(asked.slice(0, asked.indexOf('\n\n')));
    assert.ok(questionTurn({ name, path, text }));
    const [goal = ''] = made.make('plan').turns as string[];
    assert.ok(taughtGoal(goal.replace('Plan: ', '')));
    const [note = ''] = made.make('tag').turns as string[];
    assert.equal(taughtNote(note.replace('Tag this note: ', '')), note);
  }
});

test('the words to sort notes by are those of the lessons', async () => {
  const words: string = new URL('../../../models/canary/words.ts', import.meta.url).href;
  assert.deepEqual(TAG_CUES, (await import(words)).TAGS);
});

test('questions, goals and notes that were not taught', () => {
  for (const question of [
    'What does src/a.ts do?',
    'Who wrote loadUser in src/a.ts?',
    'Is loadUser in src/a.ts safe?',
    'Why?',
    'What does a in b.ts and c in d.ts do?',
  ])
    assert.throws(() => taughtQuestion(question), isNotTaught, question);
  const body = (...lines: string[]) => ['function f(a, b) {', ...lines.map((line) => `  ${line}`), '}'].join('\n');
  assert.equal(questionTurn({ name: 'f', path: undefined, text: body('return a + b;') }), 'What does f do?');
  for (const text of [
    body('return fetch(a);'),
    body('if (a > b) return b;', 'return a;'),
    body('return a.length * b;'),
    body('for (const x of a) b(x);'),
    body('return a + b * 2;'),
    body('const c = a;', 'return c;'),
  ])
    assert.throws(() => questionTurn({ name: 'f', path: undefined, text }), isNotTaught);
  assert.throws(() => questionTurn({ name: 'gone', path: 'a.ts', text: 'const here = 1;' }), /no gone in a\.ts/);
  for (const goal of [
    'world peace',
    'How do I add a cache?',
    'add a cache',
    `fix ${'the very '.repeat(20)}bug in it`,
    'add {x} to <y>',
  ])
    assert.throws(() => taughtGoal(goal), isNotTaught, goal);
  for (const note of ['buy milk', 'contest in my neighbourhood', 'a crash\nand more', ''])
    assert.throws(() => taughtNote(note), isNotTaught, note);
});

test('no sentence takes long to refuse', () => {
  const started = performance.now();
  const hostile = ['. ', ' please', ': x', 'a ', 'a/', 'a.', 'in a.ts ', 'the ', 'please ', '"', 'document a: '];
  for (const piece of hostile) {
    for (const text of [piece.repeat(50_000), `set ${piece.repeat(50_000)}`, `${piece.repeat(50_000)} in src/a.ts`]) {
      assert.throws(() => taughtRequest(text, null), isNotTaught);
      assert.throws(() => taughtQuestion(text), isNotTaught);
      assert.throws(() => taughtGoal(text), isNotTaught);
    }
  }
  // Milliseconds for 33 texts of up to 600,000 characters; one that backtracks takes minutes.
  assert.ok(performance.now() - started < 20_000);
});

describe('an edit of the embedded model goes through only when it is the one asked for', () => {
  const path = 'a.ts';
  const before =
    "export const RETRY_MAX = 3; // times\nconst MODE: string = 'a';\nfunction go(a) {\n  return go(a - 1);\n}\n";
  const cases: [what: string, instruction: string, from: string, to: string, asked: boolean][] = [
    ['the value', 'Set RETRY_MAX to 5 in a.ts', '= 3;', '= 5;', true],
    ['a value with a type', "Set MODE to 'b' in a.ts", "'a'", "'b'", true],
    ['another value', 'Set RETRY_MAX to 5 in a.ts', '= 3;', '= 6;', false],
    ['another constant', 'Set MODE to 5 in a.ts', '= 3;', '= 5;', false],
    ['the value and the name', 'Set RETRY_MAX to 5 in a.ts', 'RETRY_MAX = 3;', 'RETRY_MIN = 5;', false],
    ['a remark lost', 'Set RETRY_MAX to 5 in a.ts', '3; // times', '5;', false],
    ['a line lost', 'Set RETRY_MAX to 5 in a.ts', "= 3; // times\nconst MODE: string = 'a';", '= 5; // times', false],
    ['a declaration', 'Rename go to run in a.ts', 'function go(', 'function run(', true],
    ['a call', 'Rename go to run in a.ts', 'return go(', 'return run(', true],
    ['with a parameter changed', 'Rename go to run in a.ts', 'function go(a)', 'function run(b)', false],
    ['to another name', 'Rename go to run in a.ts', 'function go(', 'function ran(', false],
    ['a comment above', 'Document go in a.ts: Goes.', 'function go', '/** Goes. */\nfunction go', true],
    [
      'a comment in the middle of a line',
      'Document go in a.ts: Goes.',
      'function go',
      'function /** Goes. */\ngo',
      false,
    ],
    ['another comment', 'Document go in a.ts: Goes.', 'function go', '/** Goes away. */\nfunction go', false],
    ['a comment above something else', 'Document go in a.ts: Goes.', 'const MODE', '/** Goes. */\nconst MODE', false],
    ['a comment and a change', 'Document go in a.ts: Goes.', 'function go(a)', '/** Goes. */\nfunction go(b)', false],
  ];
  for (const [what, instruction, from, to, asked] of cases)
    it(`${asked ? 'yes' : 'no'}: ${what}`, () => {
      assert.ok(before.includes(from));
      assert.equal(
        isAsked(taughtRequest(instruction, null), { path, before, after: before.replace(from, () => to) }),
        asked,
      );
    });
  it('no: two constants of one name', () => {
    const twice = 'const A = 1;\nconst A = 1;\n';
    const request = taughtRequest('Set A to 5 in a.ts', null);
    assert.equal(isAsked(request, { path, before: twice, after: twice.replace('1', '5') }), true);
    assert.equal(isAsked(request, { path, before: twice, after: twice.replaceAll('1', '5') }), false);
  });
  it('no: a new file', () =>
    assert.equal(
      isAsked(taughtRequest('Set A to 5 in a.ts', null), { path, before: null, after: 'const A = 5;\n' }),
      false,
    ));
  it('what a rename left is known', () => {
    const request = taughtRequest('Rename go to run in a.ts', null);
    assert.deepEqual(leftOver(request, before.replace('function go(', 'function run(')), [4]);
  });
});
