import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorkbench, scripted } from './workbench.ts';

const files = { 'src/orders.ts': 'export const MAX = 3;\n' };
const FINISH = '{"tool":"finish","outcome":"done"}\n';

test('a question that continues another begins with its letters, and so on', async () => {
  await using at = await openWorkbench(files);
  const context = { path: 'src/orders.ts', text: 'MAX = 3' };
  const first = await at.run(scripted(['It is three. ']), { kind: 'ask', instruction: 'How many?', context });
  assert.equal(first.task.continues, null);
  const engine = scripted(['Nobody knows.', 'Yes.']);
  const second = await at.run(engine, { kind: 'ask', instruction: 'Why?', continues: first.task.id });
  const third = await at.run(engine, { kind: 'ask', instruction: 'Really?', continues: String(second.task.number) });
  assert.equal(third.task.continues, second.task.id);
  assert.deepEqual(
    engine.heard.map(({ turns }) => turns.map(({ role, text }) => `${role}: ${text}`)),
    [
      ['user: How many?\n\nsrc/orders.ts:\nMAX = 3', 'assistant: It is three.', 'user: Why?'],
      [
        ...['user: How many?\n\nsrc/orders.ts:\nMAX = 3', 'assistant: It is three.'],
        ...['user: Why?', 'assistant: Nobody knows.', 'user: Really?'],
      ],
    ],
  );
  assert.equal(third.task.result, 'Yes.');
});

test('an agent hears a chat as calls that ended, and a question what an agent did', async () => {
  await using at = await openWorkbench(files);
  const asked = await at.run(scripted(['Three.']), { kind: 'ask', instruction: 'How many?' });
  const engine = scripted([`${FINISH}Nothing was to do.`]);
  const agent = await at.run(engine, { kind: 'agent', instruction: 'Make it four', continues: asked.task.id });
  assert.deepEqual(
    engine.heard[0]?.turns.map(({ text }) => text),
    ['How many?', `${FINISH}Three.`, 'Make it four'],
  );
  const last = scripted(['No.']);
  await at.run(last, { kind: 'ask', instruction: 'Did you?', continues: agent.task.id });
  assert.deepEqual(
    last.heard[0]?.turns.map(({ text }) => text),
    ['How many?', 'Three.', 'Make it four', 'Nothing was to do.', 'Did you?'],
  );
});

test('the oldest turns that have no room are left out, and the person is told', async () => {
  await using at = await openWorkbench(files);
  let continues = '';
  for (const count of [1, 2, 3]) {
    const said = await at.run(scripted([`${count}${'.'.repeat(4500)}`]), {
      kind: 'ask',
      instruction: `Question ${count}`,
      ...(continues && { continues }),
    });
    continues = said.task.id;
  }
  const engine = scripted(['Yes.'], 'full', 8192);
  const { task } = await at.run(engine, { kind: 'ask', instruction: 'And?', continues });
  assert.deepEqual(
    engine.heard[0]?.turns.filter(({ role }) => role === 'user').map(({ text }) => text),
    ['Question 2', 'Question 3', 'And?'],
  );
  assert.equal(task.result, 'Yes.\n(1 earlier turn of this chat had no room and was left out.)');
});

test('the embedded model hears each request alone', async () => {
  await using at = await openWorkbench({ 'src/orders.ts': 'function sum(a, b) {\n  return a + b;\n}\n' });
  const first = await at.run(scripted(['Three.']), { kind: 'ask', instruction: 'How many?' });
  const engine = scripted(['sum returns the sum of a and b.'], 'tiny');
  await at.run(engine, { kind: 'ask', instruction: 'What does sum in src/orders.ts do?', continues: first.task.id });
  assert.equal(engine.heard[0]?.turns.length, 1);
});

test('only a task that is done can be continued; a duplicate continues the same', async () => {
  await using at = await openWorkbench(files);
  const waiting = at.submit({ kind: 'ask' });
  assert.throws(() => at.submit({ kind: 'ask', continues: waiting.id }), { code: 'wrong_state' });
  assert.throws(() => at.submit({ kind: 'ask', continues: '99' }), { code: 'not_found' });
  const { task } = await at.work(scripted(['Yes.']), waiting.id);
  const next = at.submit({ kind: 'ask', continues: task.id });
  assert.equal(at.queue.duplicate(next.id).continues, task.id);
});
