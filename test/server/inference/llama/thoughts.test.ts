import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Turn } from '../../../../server/inference/engine.ts';
import type { Request } from '../../../../server/inference/llama/generation.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import { HERMES_TEMPLATE } from '../../../support/gguf/hermesTemplate.ts';
import { type Script, writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

/*
 * Thoughts before an answer that a grammar holds. The forms end their thoughts with line breaks, at which a scripted model
 * goes on with what comes next: the answer after its own end of the thought, or after ours.
 */

const folder = tempFolder('thoughts');
after(() => folder[Symbol.dispose]());

/** As DeepSeek R1 does, the prompt ends within a thought; answers of the past have an empty one. */
const OPENED = String.raw`{% for m in messages %}{% if m.role == 'assistant' %}{{ '<|assistant|>\n<think>\n' + (m.reasoning_content or '') + '\n</think>\n\n' + m.content + '<|end|>\n' }}{% else %}{{ '<|' + m.role + '|>\n' + m.content + '<|end|>\n' }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n<think>\n' }}{% endif %}`;
/** As Qwen 3 does, but in words of its own: the last answer has a thought, an empty one if need be. */
const EMPTIED = HERMES_TEMPLATE.replaceAll('<|im_start|>', '<|begin|>')
  .replaceAll('<|im_end|>', '<|stop|>')
  .replace('if message.reasoning_content', 'if loop.last or message.reasoning_content')
  .replace('+ message.reasoning_content', "+ (message.reasoning_content or '')");
const TEMPLATES = {
  'opened for the model': HERMES_TEMPLATE,
  'opened by the template': OPENED,
  'emptied by the template': EMPTIED,
};

const LOOK = '{"tool":"look_around"}';
const FINISH = '{"tool":"finish"}';
const grammar = { gbnf: String.raw`root ::= "{\"tool\":\"" [a-z_]+ "\"}"` };
/** Any text of these letters. */
const ANY = { gbnf: 'root ::= [a-z0-9 ]+' };
const ENDLESS = Array.from({ length: 300 }, (_, i) => `and ${i}`).join(' ');
/** A thought that is cut off leads to the call. */
const CUT: Script[] = [
  { answers: [ENDLESS] },
  { when: 'Be short.', answers: ['So be it.'] },
  { when: 'Run on.', answers: ['Let me see.\n</think>{"tool":"not_that"}'] },
  { when: '</think>', answers: [LOOK] },
];
const MOST = 60;
const soon = { timeout: 120_000 };

let files = 0;
function load(template: string, scripts: Script[]): Promise<LoadedModel> {
  const path = join(folder.path, `${files++}.gguf`);
  writeScriptedModel(path, scripts, { metadata: { 'tokenizer.chat_template': { string: template } } });
  return loadModel({ path, contextSize: scripts === CUT ? 256 : 1024, sequences: 2, threads: 1 }, () => {});
}

const user = (text: string): Turn => ({ role: 'user', text });
const said = (text: string): Turn => ({ role: 'assistant', text });
const request = (turns: readonly Turn[], more: Partial<Request> = {}): Request => ({
  conversation: 'one',
  system: 'short',
  turns,
  maxTokens: MOST,
  temperature: 0,
  seed: 1,
  grammar,
  thinkingTokens: 100,
  ...more,
});

async function ask(model: LoadedModel, turns: readonly Turn[], more: Partial<Request> = {}) {
  let thoughts = 0;
  const listener = listen();
  const onThinking = () => {
    assert.equal(listener.text(), '', 'it thinks before it speaks');
    thoughts++;
  };
  const answer = await model.generate(request(turns, more), { ...listener, onThinking });
  assert.equal(listener.text(), answer.text, 'nothing else is shown');
  return { ...answer, ...answer.usage, thoughts };
}

const CLOSING = '\n</think>\n\n';
const [READ, ONCE_MORE] = ['{"tool":"read_it"}', '{"tool":"look_again"}'];

for (const [name, template] of Object.entries(TEMPLATES))
  test(`thoughts that are ${name} come before the call, and only their number is kept`, soon, async () => {
    const calls = [LOOK, READ, ONCE_MORE, FINISH];
    const thoughts = [
      'What could it be?',
      'I see it now.',
      'Maybe this:\n{"tool":"not_that"}\nNo, not yet.',
      'That was all!',
    ];
    const answers = calls.flatMap((call, at) => [`${thoughts[at]}\n</think>`, call]);
    const model = await load(template, [{ answers }]);
    const turns = [user('hi')];
    /** Conversations that nobody was in before: they begin otherwise. */
    const promptOf = async (system: string, ...turns: Turn[]) =>
      (await ask(model, turns, { conversation: system, system, thinkingTokens: 1 })).promptTokens;
    const between =
      (await promptOf('other', user('hi'), said('x'), user('result: ok'))) - (await promptOf('third', user('hi'))) - 1;
    let evaluated = 0;
    let before = 0;
    for (const expected of calls) {
      const { text, stop, usage, thoughts } = await ask(model, turns);
      assert.deepEqual([text, stop, thoughts], [expected, 'end', 1]);
      assert.ok((usage.thoughtTokens ?? 0) >= 3, JSON.stringify(usage));
      assert.ok(usage.generatedTokens > (usage.thoughtTokens ?? 0), JSON.stringify(usage));
      assert.ok(usage.cachedTokens >= evaluated, `${usage.cachedTokens} of ${evaluated}`);
      // Where the template opens the thought, the next prompt goes on with its end.
      evaluated = usage.promptTokens - (template === OPENED ? CLOSING.length : 0);
      if (before > 0) assert.equal(usage.promptTokens - before, between, 'no thought is in the prompt');
      before = usage.promptTokens + usage.generatedTokens - (usage.thoughtTokens ?? 0);
      turns.push(said(text), user('result: ok'));
    }
  });

for (const template of [HERMES_TEMPLATE, OPENED])
  describe(`thoughts that are ${template === OPENED ? 'open already' : 'opened'}`, soon, () => {
    let model: LoadedModel;
    before(async () => {
      model = await load(template, CUT);
    });

    test('are cut off at their limit, and the call comes all the same', async () => {
      const { text, stop, thoughtTokens, generatedTokens } = await ask(model, [user('hi')], { thinkingTokens: 12 });
      assert.deepEqual([text, stop, thoughtTokens], [LOOK, 'end', 12]);
      assert.ok(generatedTokens > 12);
    });

    test('take none of the room of the answer', async () => {
      const { text, promptTokens, thoughtTokens = 0 } = await ask(model, [user('hi')], { thinkingTokens: 100_000 });
      assert.equal(text, LOOK);
      assert.ok(promptTokens + thoughtTokens + MOST <= 256, `${promptTokens} and ${thoughtTokens}`);
      assert.ok(promptTokens + thoughtTokens + MOST > 256 - 20, `${promptTokens} and ${thoughtTokens}`);
      const tight = { maxTokens: 256 - promptTokens, thinkingTokens: 50 };
      const without = await ask(model, [user('hi')], template === OPENED ? tight : { ...tight, grammar: ANY });
      assert.deepEqual([without.thoughts, without.thoughtTokens], [0, undefined]);
    });

    test('that the model ends with its turn lead to the call', async () => {
      const { text, thoughtTokens = 0 } = await ask(model, [user('Be short.')]);
      assert.equal(text, LOOK);
      assert.ok(thoughtTokens > 0 && thoughtTokens < 10, `${thoughtTokens}`);
    });

    test('end where their end is, though more of it came with the same token', async () => {
      const { text, thoughtTokens = 0 } = await ask(model, [user('Run on.')]);
      assert.equal(text, LOOK);
      assert.ok(thoughtTokens > 0 && thoughtTokens < 10, `${thoughtTokens}`);
    });

    test('stop at once when they are cancelled, and the turn is taken again from its prompt', async () => {
      let checks = 0;
      const listener = listen(() => assert.fail('it spoke'));
      const more = { conversation: 'cut', thinkingTokens: 100 };
      const cancelled = model.generate(request([user('so')], more), { ...listener, isCancelled: () => ++checks > 60 });
      await assert.rejects(cancelled, { code: 'cancelled' });
      assert.equal(checks, 61, 'it went on');
      const { text, cachedTokens, promptTokens } = await ask(model, [user('so')], more);
      assert.equal(text, LOOK);
      assert.ok(cachedTokens >= promptTokens - CLOSING.length, `${cachedTokens} of ${promptTokens}`);
    });

    test('are left out where they are not wanted', async () => {
      const turns = [user('hi')];
      for (let turn = 0, evaluated = 0; turn < 2; turn++) {
        const more = { thinkingTokens: 0, ...(template !== OPENED && { grammar: ANY }) };
        const { text, usage, thoughts } = await ask(model, turns, { ...more, conversation: 'without' });
        assert.deepEqual([usage.thoughtTokens, thoughts], [undefined, 0]);
        // It has nothing to answer with but its thought where no thought was closed.
        assert.ok(template === OPENED ? text === LOOK : ENDLESS.startsWith(text), text);
        assert.ok(usage.cachedTokens >= evaluated, `${usage.cachedTokens} of ${evaluated}`);
        evaluated = usage.promptTokens + usage.generatedTokens - 1;
        turns.push(said(text), user('ok'));
      }
    });
  });
