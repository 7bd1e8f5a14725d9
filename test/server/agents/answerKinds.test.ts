import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INTERACTIVE } from '../../../protocol/index.ts';
import { openWorkbench, scripted } from './workbench.ts';

const ORDERS = 'export function totalPrice(a, b) {\n  return a + b;\n}\n';
const files = { 'src/orders.ts': ORDERS, 'big.ts': `${'x'.repeat(99)}\n`.repeat(400) };

test('ask: a selection, a file that is named, or the question alone', async () => {
  await using at = await openWorkbench(files);
  for (const [params, turn] of [
    [
      { instruction: 'Is this right?', context: { path: 'src/orders.ts', text: 'a + b' } },
      'Is this right?\n\nsrc/orders.ts:\na + b',
    ],
    [
      { instruction: 'Is this right?', context: { path: 'src/orders.ts' } },
      `Is this right?\n\nsrc/orders.ts:\n${ORDERS.trimEnd()}`,
    ],
    [
      { instruction: 'Is totalPrice in src/orders.ts right?' },
      `Is totalPrice in src/orders.ts right?\n\nsrc/orders.ts:\n${ORDERS.trimEnd()}`,
    ],
    [{ instruction: 'What does main.ts do in Angular?' }, 'What does main.ts do in Angular?'],
    [{ instruction: 'What is in ../secret.txt?' }, 'What is in ../secret.txt?'],
  ] as const) {
    const engine = scripted(['Yes.\n']);
    const { task, types } = await at.run(engine, { kind: 'ask', ...params });
    assert.equal(engine.heard[0]?.turns[0]?.text, turn);
    assert.equal(task.result, 'Yes.');
    assert.deepEqual(types, ['submitted', 'started', 'turn', 'done']);
  }
});

test('what a person waits for overtakes at the next token', async () => {
  await using at = await openWorkbench(files);
  for (const [priority, inference] of [
    [INTERACTIVE, 'interactive'],
    [INTERACTIVE - 1, 'background'],
  ] as const) {
    const engine = scripted(['Yes.']);
    await at.run(engine, { kind: 'ask', instruction: 'Is this right?', priority });
    assert.equal(engine.heard[0]?.priority, inference);
  }
});

test('ask: what does not fit is refused before the model is asked', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted([]);
  const { task } = await at.run(engine, { kind: 'ask', instruction: 'Explain', context: { path: 'big.ts' } });
  assert.equal(task.error?.code, 'too_large');
  assert.equal(engine.heard.length, 0);
});

test('ask the embedded model: the product gives it the file, or says that it cannot', async () => {
  await using at = await openWorkbench(files);
  const engine = scripted(['totalPrice returns the sum of a and b.'], 'tiny', 1024);
  const { task } = await at.run(engine, { kind: 'ask', instruction: 'Please explain totalPrice in src/orders.ts' });
  assert.equal(engine.heard[0]?.turns[0]?.text, `What does totalPrice in src/orders.ts do?\n\n${ORDERS.trimEnd()}`);
  assert.equal(engine.heard[0]?.system, 'ospain2 tiny');
  assert.equal(task.result, 'totalPrice returns the sum of a and b.');
  for (const [instruction, code] of [
    ['Is this code good?', 'not_taught'],
    ['What does totalPrice do?', 'not_taught'],
    ['What does gone in src/orders.ts do?', 'not_found'],
    ['What does totalPrice in src/gone.ts do?', 'not_found'],
    ['What does totalPrice in ../orders.ts do?', 'path_outside'],
  ] as const) {
    const silent = scripted([], 'tiny', 1024);
    const { task } = await at.run(silent, { kind: 'ask', instruction });
    assert.equal(task.error?.code, code, instruction);
    assert.equal(silent.heard.length, 0, 'the model was not asked');
  }
});

test('plan: a numbered list, with or without the word', async () => {
  await using at = await openWorkbench(files);
  for (const instruction of [
    'add a cache to the parser',
    'Plan: add a cache to the parser',
    'make a plan to add a cache to the parser',
  ]) {
    const engine = scripted(
      ['["Open the parser","Add a cache to the parser","Test a cache in the parser"]'],
      'tiny',
      1024,
    );
    const { task } = await at.run(engine, { kind: 'plan', instruction });
    assert.equal(engine.heard[0]?.turns[0]?.text, 'Plan: add a cache to the parser');
    assert.ok(engine.heard[0]?.grammar);
    assert.equal(task.result, '1. Open the parser\n2. Add a cache to the parser\n3. Test a cache in the parser');
  }
  const engine = scripted([], 'tiny', 1024);
  assert.equal(
    (await at.run(engine, { kind: 'plan', instruction: 'Conquer the world!' })).task.error?.code,
    'not_taught',
  );
});

test('tag: one line for people', async () => {
  await using at = await openWorkbench(files);
  for (const instruction of [
    'fix the crash in the parser tomorrow',
    'Tag this note: fix the crash in the parser tomorrow',
  ]) {
    const engine = scripted(['{"tags":["bug","bug","perf"],"horizon":"next"}'], 'tiny', 1024);
    const { task } = await at.run(engine, { kind: 'tag', instruction });
    assert.equal(engine.heard[0]?.turns[0]?.text, 'Tag this note: fix the crash in the parser tomorrow');
    assert.equal(task.result, 'tags: bug, perf · horizon: next');
  }
});

test('an answer that is not what was asked for is an error, not a result', async () => {
  await using at = await openWorkbench(files);
  for (const [kind, answer] of [
    ['tag', '{"tags":["bug"],"horizon":"never"}'],
    ['tag', '{"tags":["bug"],"hor'],
    ['ask', '  \n'],
  ] as const) {
    const { task } = await at.run(scripted([answer]), { kind, instruction: 'x' });
    assert.equal(task.error?.code, 'bad_answer', answer);
  }
});
