import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginWith, decide, proceed } from '../../../server/agents/conversation.ts';
import { toolsOf } from '../../../server/agents/tools/toolSet.ts';
import type { Answer } from '../../../server/inference/engine.ts';
import { HERMES_TEMPLATE } from '../../support/gguf/hermesTemplate.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { openPool } from '../inference/testPool.ts';
import { openWorkbench, type ScriptedEngine, scripted, THINKING } from './workbench.ts';

const LIST = '{"tool":"list_files","path":"."}';
const FINISH = '{"tool":"finish","outcome":"done"}\nSeen.';

test('a model in a worker process thinks before each call, and only its calls are on record', {
  timeout: 120_000,
}, async () => {
  await using t = await openPool();
  await using at = await openWorkbench({ 'a.ts': 'a\n' });
  const answers = [
    `I look around.\n${FINISH}\n</think>`,
    LIST,
    'I saw it all.\n</think>',
    FINISH.replace('Seen', 'So'),
  ];
  const metadata = { 'tokenizer.chat_template': { string: HERMES_TEMPLATE } };
  t.add('thinker', (path) => writeScriptedModel(path, [{ answers }], { metadata, contextLength: 8192 }));
  const doing: (string | null)[] = [];
  const { task, events } = await at.run(
    {
      describe: (name) => ({ name, version: '1.0.0', profile: 'full', contextLength: 8192 }),
      generate: async (generation) => {
        const answer = await t.pool.generate(generation);
        doing.push(at.queue.get(generation.conversation).progress);
        return answer;
      },
    },
    { model: 'thinker', instruction: 'Look around' },
  );
  assert.equal(task.result, 'So.', JSON.stringify(task.error));
  assert.deepEqual(doing, ['thinking', 'thinking']);
  const thinking = events.flatMap((event) => (event.type === 'thinking' ? [event.data.turn] : []));
  assert.deepEqual(thinking, [1, 2]);
  const turns = events.flatMap((event) => (event.type === 'turn' ? [event.data] : []));
  assert.deepEqual(
    turns.map(({ text }) => text),
    [answers[1], answers[3]],
  );
  for (const { usage } of turns) assert.ok((usage.thoughtTokens ?? 0) > 2, JSON.stringify(usage));
  assert.ok((turns[1]?.usage.cachedTokens ?? 0) >= (turns[0]?.usage.promptTokens ?? 0), 'the prompt stays evaluated');
  const streamed = events.flatMap((event) => (event.type === 'text' ? [event.data.text] : []));
  assert.equal(streamed.join(''), `${answers[1]}${answers[3]}`);
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

test('a summary is written without thoughts', async () => {
  await using at = await openWorkbench({ 'src/a.ts': 'a\n' });
  const engine = crowded([LIST, '{"tool":"list_files","path":"src"}', 'There is src/a.ts.', FINISH]);
  await at.run(engine, { instruction: 'Look around' });
  assert.deepEqual(
    engine.heard.map(({ thinkingTokens }) => thinkingTokens),
    [THINKING, THINKING, undefined, THINKING],
  );
});

test('the embedded model never thinks', async () => {
  await using at = await openWorkbench({ 'src/limits.ts': 'export const RETRY_MAX = 3;\n' });
  const engine = scripted(['{"tool":"finish","outcome":"failed"}\nx'], 'tiny', 1024);
  await at.run(engine, {
    instruction: 'set RETRY_MAX to 5',
    context: { path: 'src/limits.ts', text: 'RETRY_MAX' },
  });
  assert.deepEqual(
    engine.heard.map(({ thinkingTokens }) => thinkingTokens),
    [0],
  );
});

test('thoughts take no room in the turns that follow', () => {
  const usage = { promptTokens: 1000, cachedTokens: 0, generatedTokens: 500, firstTokenMs: 1, durationMs: 1 };
  const loadWith = (thoughtTokens: number): number => {
    const answer: Answer = { text: LIST, stop: 'end', usage: { ...usage, thoughtTokens } };
    const now = beginWith('Do it.');
    const move = decide(now, answer, { tools: toolsOf('full', { mode: 'act', also: [] }), maxTokens: 2048 });
    return proceed(now, answer, move, { ok: true, text: 'a.ts' }).load;
  };
  assert.equal(loadWith(0) - loadWith(480), 480);
});
