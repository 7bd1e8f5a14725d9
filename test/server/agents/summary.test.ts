import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginWith, type Conversation } from '../../../server/agents/conversation.ts';
import { isFull, summarised, summaryTurns } from '../../../server/agents/summary.ts';
import { openWorkbench, type ScriptedEngine, scripted } from './workbench.ts';

const model = { contextLength: 8192, maxTokens: 2048 };
const after = (load: number, turns: number): Conversation => ({
  ...beginWith('Do it.'),
  turns: Array.from({ length: turns }, (_, at) => ({ role: at % 2 === 0 ? 'user' : 'assistant', text: `${at}` })),
  load,
});

test('a context is full when a call, a result worth reading and the answer to it have no room', () => {
  assert.equal(isFull(after(4608, 5), model), false);
  assert.equal(isFull(after(4609, 5), model), true);
  assert.equal(isFull(after(11_776, 5), { ...model, contextLength: 16_384 }), false);
});

test('what was too much to begin with is not summed up: nothing would be gained', () => {
  assert.equal(isFull(after(8000, 3), model), false);
});

test('the model is asked behind all that it was told, so that nothing is evaluated again', () => {
  const { turns } = after(5000, 5);
  const asked = summaryTurns(turns);
  assert.deepEqual(asked.slice(0, -1), turns.slice(0, -1));
  assert.match(asked.at(-1)?.text ?? '', /^4\n\nThere is no room for more\. /);
});

test('it goes on with what was asked, letter for letter, and the summary', () => {
  const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
  const next = summarised({ ...after(5000, 5), turn: 3 }, { text: 'Read a.ts.\n', stop: 'end', usage });
  assert.equal(next.turn, 4);
  assert.deepEqual(next.turns, [
    { role: 'user', text: 'Do it.\n\nWhat you have done so far, in your own words:\nRead a.ts.' },
  ]);
  assert.ok(next.load < 100);
});

/** Says that its context is nearly taken up by the second turn. */
function crowded(answers: readonly string[]): ScriptedEngine {
  const engine = scripted(answers);
  return {
    ...engine,
    async generate(generation) {
      const { usage, ...answer } = await engine.generate(generation);
      return { ...answer, usage: { ...usage, promptTokens: generation.turns.length === 3 ? 6000 : 500 } };
    },
  };
}

const list = (path: string) => `{"tool":"list_files","path":"${path}"}`;

test('a run that was killed behind a summary goes on as if undisturbed', async () => {
  const answers = [list('.'), list('src'), 'There is src/a.ts.', '{"tool":"finish","outcome":"done"}\nSeen.'];
  const files = { 'src/a.ts': 'a\n' };
  await using undisturbed = await openWorkbench(files);
  const whole = crowded(answers);
  const { task, events } = await undisturbed.run(whole, { instruction: 'Look around' });
  assert.equal(task.result, 'Seen.');
  const turns = events.flatMap((event) => (event.type === 'turn' ? [event.data] : []));
  assert.deepEqual(
    turns.map(({ isSummary = false, contextLength }) => [isSummary, contextLength]),
    [false, false, true, false].map((is) => [is, 8192]),
  );
  const told = whole.heard.map(({ system, turns }) => ({ system, turns }));
  for (let event = 1; event <= 9; event++) {
    await using at = await openWorkbench(files);
    const { id } = at.submit({ instruction: 'Look around' });
    const first = crowded(answers);
    await at.workUntil({ when: 'before', event }, first, id);
    const kept = at.queue.events(id).filter(({ type }) => type === 'turn').length;
    const second = crowded(answers.slice(kept));
    assert.equal((await at.work(second, id)).task.result, 'Seen.');
    const asked = [...first.heard.slice(0, kept), ...second.heard].map(({ system, turns }) => ({ system, turns }));
    assert.deepEqual(asked, told, `killed before event ${event}`);
  }
});
