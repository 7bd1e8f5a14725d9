import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Profile } from '../../../protocol/index.ts';
import {
  type Call,
  type Field,
  type Form,
  MIDDLE,
  parseCall,
  REPLACE,
  renderCall,
  renderForm,
  SEARCH,
} from '../../../server/agents/format.ts';
import { callGrammar, PLAN_GRAMMAR, tagGrammar } from '../../../server/agents/grammar.ts';
import { answerSystemText, systemText, tagSystemText } from '../../../server/agents/prompts.ts';
import { formsInSight, formsOf, toolsOf } from '../../../server/agents/tools/toolSet.ts';
import { readGrammar } from './gbnf.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const marks = [SEARCH, MIDDLE, REPLACE];
const bodyLine = fc
  .oneof(
    text,
    fc.constantFrom(
      '',
      '======',
      '========',
      '======= x',
      '<<<<<<< HEAD',
      '>>> 1',
      '>>>>>>> REPLACES',
      '{"tool":"finish"}',
    ),
  )
  .map((line) => line.replace(/[\r\n]/g, ' '))
  .filter((line) => !marks.includes(line.trimEnd()));
const body = fc.array(bodyLine, { maxLength: 4 }).map((lines) => lines.join('\n'));
const block = fc.tuple(body, body).map(([search, replace]) => ({ search, replace }));
const bodies = {
  none: fc.constant(undefined),
  edits: fc.array(block, { minLength: 1, maxLength: 3 }),
  text: fc.array(bodyLine, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n').trim() || 'x'),
  lines: fc.array(bodyLine, { maxLength: 3 }).map((lines) => lines.join('\n')),
  json: fc
    .dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3, noNullPrototype: true })
    .map((value): Readonly<Record<string, unknown>> => JSON.parse(JSON.stringify(value))),
};
const field = (kind: Field): fc.Arbitrary<string | number> => {
  if (kind === 'text') return text;
  return kind === 'number' ? fc.integer({ min: 1, max: 9_999_999 }) : fc.constantFrom(...kind);
};
const callOf = ({ name, header, body }: Form): fc.Arbitrary<Call> => {
  const fields = Object.entries(header).map(([key, kind]) =>
    field(kind).map((value): [string, string | number] => [key, value]),
  );
  return fc
    .tuple(fc.tuple(...fields), bodies[body])
    .map(([values, body]) => ({ tool: name, ...Object.fromEntries(values), ...(body === undefined ? {} : { body }) }));
};
/** Every tool of the product, and one with what none of them has. */
const forms: Form[] = [
  ...formsOf(toolsOf('full')),
  {
    name: 'other_2',
    header: { side: ['left', 'right'], count: 'number', text: 'text' },
    body: 'json',
    example: {},
    does: '',
    words: () => ({ doing: '', what: '' }),
  },
];
const call = fc.oneof(...forms.map(callOf));
const runs = { seed: 20261123, numRuns: 2000 };

test('what is rendered is read back', () => {
  fc.assert(
    fc.property(call, (given) => {
      const wanted = { ok: true, call: given, form: forms.find(({ name }) => name === given.tool) };
      assert.deepEqual(parseCall(renderCall(given), forms), wanted);
      assert.deepEqual(parseCall(`Let me think.\n{"a":1}\n${renderCall(given)}`, forms), wanted);
      assert.deepEqual(parseCall(renderCall(given).replaceAll('\n', '\r\n'), forms), wanted);
    }),
    runs,
  );
});

test('the grammar lets every call through, and what it lets through can be read', () => {
  const full = readGrammar(callGrammar('full', forms));
  fc.assert(
    fc.property(call, (given) => {
      const rendered = renderCall(given);
      // JSON.stringify leaves DEL as it is; llama.cpp's own JSON grammar refuses it, and so do we.
      if (!rendered.includes('\x7f')) assert.ok(full.accepts(rendered), rendered);
    }),
    runs,
  );
});

test('the grammar refuses what is no call', () => {
  const full = readGrammar(callGrammar('full', forms));
  const tiny = readGrammar(callGrammar('tiny', formsOf(toolsOf('tiny'))));
  const edit = (...lines: string[]) => ['{"tool":"edit_file","path":"a.ts"}', SEARCH, ...lines, REPLACE].join('\n');
  for (const [name, wrong] of Object.entries({
    empty: '',
    prose: 'I will read the file.',
    'another tool': '{"tool":"run_command","path":"a"}',
    'another order of keys': '{"path":"a","tool":"read_file","from":1,"to":2}',
    'no path': '{"tool":"read_file","path":"","from":1,"to":2}',
    'no line': '{"tool":"read_file","path":"a","from":0,"to":2}',
    'a line break in a path': '{"tool":"read_file","path":"a\nb","from":1,"to":2}',
    'something after the call': '{"tool":"read_file","path":"a","from":1,"to":2}\nThen I will edit it.',
    'an outcome of its own': '{"tool":"finish","outcome":"maybe"}\nx',
    'an end without a word': '{"tool":"finish","outcome":"done"}\n',
    'a block without its middle': edit('a'),
    'a block with two middles': edit('a', MIDDLE, 'b', MIDDLE, 'c'),
    'a mark with blanks behind it': edit('a', `${SEARCH}  `, MIDDLE, 'b'),
    'a block that does not end': edit('a', MIDDLE, 'b').slice(0, -3),
  }))
    assert.equal(full.accepts(wrong), false, name);
  assert.ok(tiny.accepts(edit('a', MIDDLE, 'b')));
  assert.equal(
    tiny.accepts(`${edit('a', MIDDLE, 'b')}\n${SEARCH}\nc\n${MIDDLE}\nd\n${REPLACE}`),
    false,
    'one block at a time',
  );
  assert.equal(tiny.accepts('{"tool":"list_files","path":"."}'), false, 'it was taught three tools');
});

test('plans and tags', () => {
  const plan = readGrammar(PLAN_GRAMMAR);
  assert.ok(plan.accepts('["Open it","Add \\"x\\" to it","Test it"]'));
  assert.equal(plan.accepts('["Open it","Add it"]'), false);
  const tag = readGrammar(tagGrammar('tiny'));
  assert.ok(tag.accepts('{"tags":["bug","docs"],"horizon":"now"}'));
  assert.equal(tag.accepts('{"tags":["bugs"],"horizon":"now"}'), false);
  assert.equal(tag.accepts('{"tags":[],"horizon":"now"}'), false);
  assert.ok(readGrammar(tagGrammar('full')).accepts('{"tags":["build-speed"],"horizon":"someday"}'));
});

test('what is wrong with an answer is one short line', () => {
  const wrong = [
    '',
    'no call here',
    '{"tool":',
    '{"tool":"read_file"}',
    '{"tool":"read_file","path":7,"from":1,"to":2}',
    '{"tool":"read_file","path":"a","from":0,"to":2}',
    '{"tool":"read_file","path":"a","from":"1","to":2}',
    '["tool"]',
    `{"tool":"${'x'.repeat(500)}"}`,
    '{"tool":"other_2","side":"up","count":1,"text":"a"}',
    '{"tool":"other_2","side":"left","count":1,"text":"a"}',
    '{"tool":"other_2","side":"left","count":1,"text":"a"}\n[1]',
    '{"tool":"rm","path":"/"}',
    '{"tool":"search_text","path":"a"}',
    '{"tool":"finish","outcome":"won"}',
    '{"tool":"edit_file","path":"a"}',
    `{"tool":"edit_file","path":"a"}\n${SEARCH}\na\n`,
    `{"tool":"edit_file","path":"a"}\n${SEARCH}\na\n${MIDDLE}\nb`,
  ];
  for (const answer of wrong) {
    const parsed = parseCall(answer, forms);
    assert.ok(!parsed.ok, answer);
    assert.match(parsed.problem, /^.{10,120}$/);
  }
});

test('system and tools are at most 4,000 bytes, and only ever these', () => {
  const systems = { answerSystemText, tagSystemText, agentSystemText };
  for (const profile of ['full', 'small', 'tiny'] as const)
    for (const [name, render] of Object.entries(systems)) {
      const bytes = Buffer.byteLength(render(profile));
      assert.ok(bytes <= 4000, `${name} ${profile}: ${bytes}`);
      assert.equal(render(profile), render(profile));
    }
  // The embedded model was trained on this one.
  assert.equal(agentSystemText('tiny'), 'ospain2 tiny');
});

test('a model sees six tools at most, and each as it is to be written', () => {
  for (const profile of ['full', 'small', 'tiny'] as const) {
    const tools = toolsOf(profile);
    assert.ok(formsInSight(tools).length <= 6);
    const seen = formsOf(tools);
    for (const form of seen) {
      const call = { tool: form.name, ...form.example };
      assert.ok(readGrammar(callGrammar(profile, seen)).accepts(renderCall(call)), form.name);
      assert.deepEqual(parseCall(renderForm(form).slice(0, -form.does.length - 1), seen), { ok: true, call, form });
    }
  }
});

const agentSystemText = (profile: Profile) => systemText(profile, formsInSight(toolsOf(profile)));
