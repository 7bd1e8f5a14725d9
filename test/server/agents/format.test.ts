import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Call, MIDDLE, parseCall, REPLACE, renderCall, SEARCH } from '../../../server/agents/format.ts';
import { callGrammar, planGrammar, tagGrammar } from '../../../server/agents/grammar.ts';
import { answerSystemText, planSystemText, systemText, tagSystemText } from '../../../server/agents/prompts.ts';
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
const call: fc.Arbitrary<Call> = fc.oneof(
  text.map((path): Call => ({ tool: 'read_file', path })),
  text.map((path): Call => ({ tool: 'list_files', path })),
  fc.tuple(text, text).map(([path, text]): Call => ({ tool: 'search_text', path, text })),
  fc
    .tuple(
      text,
      fc.array(
        fc.tuple(body, body).map(([search, replace]) => ({ search, replace })),
        { minLength: 1, maxLength: 3 },
      ),
    )
    .map(([path, edits]): Call => ({ tool: 'edit_file', path, edits })),
  fc
    .tuple(
      fc.constantFrom('done' as const, 'failed' as const, 'blocked' as const),
      fc.array(bodyLine, { minLength: 1, maxLength: 3 }),
    )
    .map(([outcome, lines]): Call => ({ tool: 'finish', outcome, text: lines.join('\n').trim() || 'x' })),
);
const runs = { seed: 20261123, numRuns: 2000 };

test('what is rendered is read back', () => {
  fc.assert(
    fc.property(call, (given) => {
      assert.deepEqual(parseCall(renderCall(given)), { ok: true, call: given });
      assert.deepEqual(parseCall(`Let me think.\n{"a":1}\n${renderCall(given)}`), { ok: true, call: given });
      assert.deepEqual(parseCall(renderCall(given).replaceAll('\n', '\r\n')), { ok: true, call: given });
    }),
    runs,
  );
});

test('the grammar lets every call through, and what it lets through can be read', () => {
  const full = readGrammar(callGrammar('full'));
  fc.assert(
    fc.property(call, (given) => {
      const rendered = renderCall(given);
      // JSON.stringify leaves DEL as it is; llama.cpp's own JSON grammar refuses it, and so do we.
      if (!rendered.split('\n')[0]?.includes('\x7f')) assert.ok(full.accepts(rendered), rendered);
    }),
    runs,
  );
});

test('the grammar refuses what is no call', () => {
  const full = readGrammar(callGrammar('full'));
  const tiny = readGrammar(callGrammar('tiny'));
  const edit = (...lines: string[]) => ['{"tool":"edit_file","path":"a.ts"}', SEARCH, ...lines, REPLACE].join('\n');
  for (const [name, wrong] of Object.entries({
    empty: '',
    prose: 'I will read the file.',
    'another tool': '{"tool":"run_command","path":"a"}',
    'another order of keys': '{"path":"a","tool":"read_file"}',
    'no path': '{"tool":"read_file","path":""}',
    'a line break in a path': '{"tool":"read_file","path":"a\nb"}',
    'something after the call': '{"tool":"read_file","path":"a"}\nThen I will edit it.',
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
  const plan = readGrammar(planGrammar('tiny'));
  assert.ok(plan.accepts('["Open it","Add \\"x\\" to it","Test it"]'));
  assert.equal(plan.accepts('["Open it","Add it"]'), false);
  const full = readGrammar(planGrammar('full'));
  assert.ok(full.accepts('[{"do":"Open it","after":[]},{"do":"Test it","after":[1,12]}]'));
  assert.equal(full.accepts('["Open it"]'), false);
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
    '{"tool":"read_file","path":7}',
    '{"tool":"rm","path":"/"}',
    '{"tool":"search_text","path":"a"}',
    '{"tool":"finish","outcome":"won"}',
    '{"tool":"edit_file","path":"a"}',
    `{"tool":"edit_file","path":"a"}\n${SEARCH}\na\n`,
    `{"tool":"edit_file","path":"a"}\n${SEARCH}\na\n${MIDDLE}\nb`,
  ];
  for (const answer of wrong) {
    const parsed = parseCall(answer);
    assert.ok(!parsed.ok, answer);
    assert.match(parsed.problem, /^.{10,120}$/);
  }
});

test('system and tools are at most 4,000 bytes, and only ever these', () => {
  for (const profile of ['full', 'small', 'tiny'] as const)
    for (const render of [systemText, answerSystemText, planSystemText, tagSystemText]) {
      const bytes = Buffer.byteLength(render(profile));
      assert.ok(bytes <= 4000, `${render.name} ${profile}: ${bytes}`);
      assert.equal(render(profile), render(profile));
    }
  // The embedded model was trained on this one.
  assert.equal(systemText('tiny'), 'ospain2 tiny');
});
