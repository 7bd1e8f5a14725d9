import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ErrorCode, OspainError, ToolCall } from '../../../../protocol/index.ts';
import type { Turn } from '../../../../server/inference/engine.ts';
import type { Request } from '../../../../server/inference/llama/generation.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import { HERMES_TEMPLATE } from '../../../support/gguf/hermesTemplate.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

const folder = tempFolder('tools');
after(() => folder[Symbol.dispose]());

const parameters = {
  type: 'object',
  properties: { zone: { enum: ['UTC', 'CET'] }, exact: { anyOf: [{ type: 'boolean' }] } },
  required: ['zone'],
};
const tools = [
  { name: 'getTime', description: 'The time.', parameters },
  { name: 'get_date', parameters },
];

const user = (text: string): Turn => ({ role: 'user', text });
const call = (id: string, name: string): ToolCall => ({ id, name, arguments: '{"zone":"UTC"}' });
const request = (turns: readonly Turn[], more: Partial<Request> = {}): Request => ({
  conversation: 'one',
  system: 'short',
  turns,
  maxTokens: 200,
  temperature: 0,
  seed: 1,
  ...more,
});

async function load(name: string, write: (path: string) => void): Promise<LoadedModel> {
  const path = join(folder.path, name);
  write(path);
  return loadModel({ path, contextSize: 4096, sequences: 2, threads: 1 }, () => {});
}

function assertCalls(calls: readonly ToolCall[] | undefined, name?: string): void {
  assert.ok(calls && calls.length > 0);
  assert.equal(new Set(calls.map(({ id }) => id)).size, calls.length);
  for (const call of calls) {
    const { zone, ...more } = JSON.parse(call.arguments) as Record<string, unknown>;
    assert.ok(zone === 'UTC' || zone === 'CET', call.arguments);
    // What is optional is there as it should be, or not at all.
    assert.ok(Object.entries(more).every(([key, value]) => key === 'exact' && typeof value === 'boolean'));
    assert.ok(name === undefined ? ['getTime', 'get_date'].includes(call.name) : call.name === name);
  }
}

describe('a model of random numbers', { timeout: 120_000 }, () => {
  const forms = { ChatML: {}, Hermes: { 'tokenizer.chat_template': { string: HERMES_TEMPLATE } } };
  for (const [form, metadata] of Object.entries(forms))
    describe(`that speaks ${form}`, () => {
      let random: LoadedModel;
      before(async () => {
        random = await load(`${form}.gguf`, (path) => writeRandomModel(path, { metadata, contextLength: 4096 }));
      });

      test('calls when it must, with arguments that follow the schema', async () => {
        const listener = listen();
        const answer = await random.generate(request([user('hi')], { tools, toolChoice: 'required' }), listener);
        assertCalls(answer.calls);
        assert.equal(answer.text + listener.text(), '');
        assert.ok(answer.usage.generatedTokens > 10 && answer.usage.promptTokens > 100, JSON.stringify(answer.usage));
      });

      test('calls the tool that it must, once', async () => {
        const toolChoice = { name: 'get_date' };
        const { calls, stop } = await random.generate(request([user('hi')], { tools, toolChoice }), listen());
        assertCalls(calls, 'get_date');
        assert.deepEqual([calls?.length, stop], [1, 'calls']);
      });

      test('calls a tool without parameters', async () => {
        const asked = request([user('hi')], { tools: [{ name: 'go' }], toolChoice: { name: 'go' } });
        const { calls } = await random.generate(asked, listen());
        assert.deepEqual(
          calls?.map(({ name, arguments: text }) => [name, text]),
          [['go', '{}']],
        );
      });
    });

  test('stops calling at the limit of tokens, or of calls', async () => {
    const metadata = forms.Hermes;
    const random = await load('many.gguf', (path) => writeRandomModel(path, { metadata, contextLength: 4096 }));
    const ask = (maxTokens: number) =>
      random.generate(request([user('hi')], { tools, toolChoice: 'required', maxTokens }), listen());
    const [few, many] = [await ask(120), await ask(2000)];
    assert.equal(few.stop, 'maxTokens');
    assert.equal(few.usage.generatedTokens, 120);
    assert.deepEqual([many.calls?.length, many.stop], [8, 'calls']);
  });

  test('is told what is wrong with tools, calls and results', async () => {
    const random = await load('wrong.gguf', (path) => writeRandomModel(path));
    const asked: Request = request([user('hi')], { tools });
    const calling: Turn = { role: 'assistant', text: '', calls: [call('1', 'getTime')] };
    const wrong: [Partial<Request>, ErrorCode][] = [
      [{ toolChoice: { name: 'getWeather' } }, 'invalid_params'],
      [{ tools: [{ name: 'get time' }] }, 'invalid_params'],
      [{ tools: [{ name: 'a' }, { name: 'a' }] }, 'invalid_params'],
      [{ tools: [{ name: 'a', parameters: { type: 'number or so' } }] }, 'invalid_params'],
      [{ tools: [{ name: 'a', parameters: { $ref: 'http://x/y' } }] }, 'invalid_params'],
      [{ grammar: { gbnf: 'root ::= "a"' } }, 'invalid_params'],
      [{ turns: [user('hi'), calling] }, 'invalid_params'],
      [{ turns: [user('hi'), calling, user('and?')] }, 'invalid_params'],
      [{ turns: [user('hi'), { role: 'tool', callId: '1', text: '' }] }, 'invalid_params'],
      [{ tools: [], grammar: { gbnf: 'root ::= (' } }, 'invalid_params'],
      [{ maxTokens: 5000 }, 'context_full'],
    ];
    for (const [more, code] of wrong)
      await assert.rejects(
        random.generate({ ...asked, ...more }, listen()),
        (error: OspainError) => error.code === code,
        JSON.stringify(more),
      );
  });
});

describe('a scripted model', { timeout: 120_000 }, () => {
  const answers = ['Let me look. ||call: getTime'];
  const conversation = [
    user('hi'),
    { role: 'assistant', text: 'Let me look.', calls: [call('a', 'getTime'), call('b', 'get_date')] },
    { role: 'tool', callId: 'b', text: 'today' },
    { role: 'tool', callId: 'a', text: '{"time":"12:00"}' },
  ] as const;
  const scripts = [{ answers }, { when: '12:00', answers: ['It is noon.'] }];
  let scripted: LoadedModel;
  before(async () => {
    scripted = await load('scripted.gguf', (path) => writeScriptedModel(path, scripts));
  });

  test('calls in the middle of its text when it may, and only then', async () => {
    const listener = listen();
    const auto = await scripted.generate(request([user('hi')], { tools }), listener);
    assertCalls(auto.calls);
    assert.deepEqual([auto.text, listener.text(), auto.stop], ['Let me look.', 'Let me look.', 'calls']);
    const none = await scripted.generate(request([user('hi')], { tools, toolChoice: 'none' }), listen());
    assert.deepEqual([none.text, none.calls, none.stop], [answers[0], undefined, 'end']);
  });

  test('goes on from results, with the tools at hand and without, and reads nothing twice', async () => {
    for (const more of [{ tools }, {}]) {
      const { text, usage } = await scripted.generate(request(conversation, more), listen());
      assert.equal(text, 'It is noon.');
      const again = await scripted.generate(request(conversation, more), listen());
      assert.equal(again.usage.cachedTokens, usage.promptTokens - 1);
    }
  });

  test('stops at a text that was to end it, and when it is cancelled', async () => {
    const stopped = await scripted.generate(request([user('hi')], { tools, stop: ['me lo'] }), listen());
    assert.deepEqual([stopped.text, stopped.stop], ['Let ', 'stop']);
    const listener = listen(() => listener.cancel());
    await assert.rejects(scripted.generate(request([user('hi')], { tools }), listener), { code: 'cancelled' });
    const next = await scripted.generate(request([user('hi')], { tools }), listen());
    assert.equal(next.text, 'Let me look.');
  });
});

test('thoughts are counted and not shown', { timeout: 120_000 }, async () => {
  const metadata = { 'tokenizer.chat_template': { string: HERMES_TEMPLATE } };
  const thinking = await load('thinking.gguf', (path) =>
    writeScriptedModel(path, [{ answers: ['<think>\nWhat would two be?\n</think>\n\nThe answer is two.'] }], {
      metadata,
    }),
  );
  const listener = listen();
  const { text, usage } = await thinking.generate(request([user('hi')]), listener);
  assert.deepEqual([text, listener.text()], ['The answer is two.', text]);
  assert.ok(usage.generatedTokens > 8, `${usage.generatedTokens} tokens`);
  const cut = await thinking.generate(request([user('hi')], { maxTokens: 3 }), listen());
  assert.deepEqual([cut.text, cut.stop], ['', 'maxTokens']);
});
