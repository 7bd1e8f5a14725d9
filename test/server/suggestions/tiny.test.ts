import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLAN_GRAMMAR, tagGrammar } from '../../../server/agents/grammar.ts';
import { askTiny, plainTitle } from '../../../server/suggestions/tiny.ts';
import { matter } from './matters.ts';

const sorted = (tags: readonly string[], horizon: string): string => JSON.stringify({ tags, horizon });

const code = (expected: string) => (thrown: unknown) => (thrown as { code?: unknown }).code === expected;

test('the embedded model hears each line that it was taught, in the words of its lessons', () => {
  const { turns, read } = askTiny(matter());
  assert.deepEqual(
    turns.map(({ text }) => text),
    ['Tag this note: fix the crash in the parser tomorrow', 'Tag this note: The refund for March is slow, it hangs.'],
  );
  assert.deepEqual([...new Set(turns.map(({ gbnf }) => gbnf))], [tagGrammar('tiny')]);
  const made = read([sorted(['bug'], 'next'), sorted(['money', 'perf', 'bug'], 'now')]);
  assert.deepEqual(
    made.parts.map(({ text, reason }) => [text, reason]),
    [
      ['bug', '“crash” in the line “fix the crash in the parser tomorrow”.'],
      ['money', '“refund” in the line “The refund for March is slow, it hangs.”.'],
      ['perf', '“slow” in the line “The refund for March is slow, it hangs.”.'],
    ],
  );
  assert.match(made.reason, /sorted 2 lines/);
});

test('tags that are there already are not suggested again', () => {
  const { read } = askTiny(matter({ tags: ['Bug'] }));
  const one = read([sorted(['bug'], 'next'), sorted(['money'], 'next')]);
  assert.deepEqual(
    one.parts.map(({ text }) => text),
    ['money'],
  );
  const none = read([sorted(['bug'], 'next'), sorted(['bug'], 'next')]);
  assert.deepEqual(none, { reason: 'It has these tags already: bug.', parts: [] });
});

test('a whole is as near as its nearest line, and a box has a horizon of its own', () => {
  const whole = askTiny(matter({ about: 'horizon' })).read([sorted(['bug'], 'someday'), sorted(['perf'], 'now')]);
  assert.deepEqual(whole.parts, [{ text: 'now', line: null, reason: null }]);
  assert.match(whole.reason, /“The refund for March/);
  const there = matter({ about: 'horizon', is: 'item', horizon: 'now', text: 'fix the crash today' });
  assert.deepEqual(askTiny(there).read([sorted(['bug'], 'now')]).parts, []);
  const boxes = ['fix the crash today', 'buy bread', 'write the guide someday'];
  const { turns, read } = askTiny(matter({ about: 'horizon', boxes }));
  assert.equal(turns.length, 2);
  const made = read([sorted(['bug'], 'now'), sorted(['docs'], 'someday')]);
  assert.deepEqual(
    made.parts.map(({ text, line }) => [text, line]),
    [
      ['now', 'fix the crash today'],
      ['someday', 'write the guide someday'],
    ],
  );
  assert.match(made.reason, /One other has none of the words/);
});

test('a goal is told as it was taught, and its steps are parts', () => {
  const { turns, read } = askTiny(matter({ about: 'steps', title: 'Please add a cache to the server.' }));
  assert.deepEqual(turns, [{ text: 'Plan: add a cache to the server', gbnf: PLAN_GRAMMAR }]);
  const made = read(['["Open the server","Add a cache","Test it"]']);
  assert.deepEqual(
    made.parts.map(({ text }) => text),
    ['Open the server', 'Add a cache', 'Test it'],
  );
});

test('what it was not taught is refused before it is asked, and an answer of another form after', () => {
  for (const wrong of [
    matter({ text: 'Nothing of that.' }),
    matter({ text: '' }),
    matter({ text: '```\nfix the crash\n```\n- [x] fix the crash\n' }),
    matter({ about: 'horizon', boxes: ['buy bread'] }),
    matter({ about: 'steps', title: 'Conquer the world!' }),
    matter({ about: 'title' }),
  ])
    assert.throws(() => askTiny(wrong), code('not_taught'), JSON.stringify(wrong));
  const { read } = askTiny(matter());
  for (const answer of ['', '{"tags":["bug"],"hor', sorted([], 'now'), sorted(['bug'], 'soon')])
    assert.throws(() => read([answer, answer]), code('bad_answer'), answer);
});

test('of a long note only the first lines are asked about', () => {
  const text = Array.from({ length: 50 }, (_, line) => `- fix crash ${line}`).join('\n');
  assert.equal(askTiny(matter({ text })).turns.length, 8);
});

test('a title without a model is the first sentence, cut at a word', () => {
  const titleOf = (text: string, title = 'x') => plainTitle(matter({ about: 'title', title, text }));
  const long = `please look at the orders that fail at midnight when the cache is empty and nobody looks. Then rest.`;
  assert.equal(titleOf(long).parts[0]?.text, 'Look at the orders that fail at midnight when the cache…');
  assert.equal(titleOf('# x\n\nTidy up. Then rest.').parts[0]?.text, 'Tidy up');
  assert.deepEqual(titleOf('Tidy up.', 'Tidy up').parts, []);
  assert.deepEqual(titleOf('', '').parts, []);
});
