import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OspainError, type PlanPart, parsePlan, planText } from '../../protocol/index.ts';

test('a plan is text that people edit', () => {
  const parts: PlanPart[] = [
    { instruction: 'Open the parser', after: [] },
    { instruction: 'Add a cache\nthat forgets the oldest', after: [1] },
    { instruction: 'Test it', after: [1, 2] },
  ];
  const text = '1. Open the parser\n2. Add a cache\n   that forgets the oldest (after 1)\n3. Test it (after 1, 2)\n';
  assert.equal(planText(parts), text);
  assert.deepEqual(parsePlan(`# Plan of task 7\r\n\r\n${text.replaceAll('\n', '\r\n')}`), parts);
});

test('parts may be taken out, put in and moved: their order counts', () => {
  assert.deepEqual(parsePlan('2. First\n7) Second (After 2)\n3.  Third (after 7,2)'), [
    { instruction: 'First', after: [] },
    { instruction: 'Second', after: [1] },
    { instruction: 'Third', after: [1, 2] },
  ]);
});

test('what cannot be meant is refused with its line', () => {
  for (const [text, line] of [
    ['1. One\n2. Two (after 3)\n3. Three', 2],
    ['1. One (after 1)', 1],
    ['1. One\n\nand more', 3],
    ['  loose\n1. One', 1],
    ['# only this\n1. (after 1)', 2],
    ['1. One\n1. Two', 1],
  ] as const)
    assert.throws(
      () => parsePlan(text),
      (thrown) =>
        thrown instanceof OspainError &&
        thrown.code === 'invalid_params' &&
        thrown.message.startsWith(`Line ${line} of the plan`),
      text,
    );
  assert.deepEqual(parsePlan('# nothing yet\n'), []);
});

test('every plan can be written and read again', () => {
  const word = fc.stringMatching(/^[a-z(),.0-9]{1,12}$/);
  const line = fc
    .array(word, { minLength: 1, maxLength: 6 })
    .map((words) => words.join(' '))
    .filter((text) => !/\(after/i.test(text));
  const instruction = fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
  const plan = fc
    .array(fc.tuple(instruction, fc.array(fc.nat(9), { maxLength: 4 })), { minLength: 1, maxLength: 9 })
    .map((said) =>
      said.map(([text, named], index): PlanPart => {
        const after = [...new Set(named.filter((at) => at < index).map((at) => at + 1))].sort((one, two) => one - two);
        return { instruction: text, after };
      }),
    );
  fc.assert(
    fc.property(plan, (parts) => assert.deepEqual(parsePlan(planText(parts)), parts)),
    { seed: 5, numRuns: 300 },
  );
});
