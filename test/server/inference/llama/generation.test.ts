import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OspainError } from '../../../../protocol/index.ts';
import type { Turn } from '../../../../server/inference/engine.ts';
import { SLICE } from '../../../../server/inference/llama/evaluation.ts';
import type { Request } from '../../../../server/inference/llama/generation.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import type { Listener } from '../../../../server/inference/llama/pace.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';

/*
 * The part of the worker that speaks, in this process: here a test decides between which tokens something happens.
 */

const ANSWERS = ['Příliš žluťoučký kůň 🎉 úpěl ďábelské ódy.', 'aaaa aaaa aaaa aaaa\n\naaaa', 'The end, at last.'];
const LONG = Array.from({ length: 200 }, (_, i) => `word ${i}`).join(' ');

const folder = tempFolder('generation');
after(() => folder[Symbol.dispose]());

async function load(name: string, write: (path: string) => void): Promise<LoadedModel> {
  const path = join(folder.path, name);
  write(path);
  return loadModel({ path, contextSize: 2048, sequences: 2, threads: 1 }, () => {});
}

const request = (turns: readonly Turn[], more: Partial<Request> = {}): Request => ({
  conversation: 'one',
  system: 'short',
  turns,
  maxTokens: 400,
  temperature: 0,
  seed: 1,
  ...more,
});
const user = (text: string): Turn => ({ role: 'user', text });
const said = (text: string): Turn => ({ role: 'assistant', text });
const silent: Listener = { isCancelled: () => false, cancelled: new Promise(() => {}), onText: () => {} };

describe('a scripted model', { timeout: 120_000 }, () => {
  let scripted: LoadedModel;
  before(async () => {
    scripted = await load('scripted.gguf', (path) =>
      writeScriptedModel(path, [{ answers: ANSWERS }, { when: 'Speak long', answers: [LONG] }], { pieceBytes: 3 }),
    );
  });

  test('streams whole characters whose concatenation is the answer', async () => {
    const chunks: string[] = [];
    const answer = await scripted.generate(request([user('hi')]), { ...silent, onText: (text) => chunks.push(text) });
    assert.equal(answer.text, ANSWERS[0]);
    assert.equal(answer.stop, 'end');
    assert.equal(chunks.join(''), answer.text);
    assert.ok(chunks.length > 5, `${chunks.length} chunks`);
    assert.ok(!chunks.some((chunk) => chunk.includes('\ufffd')));
  });

  test('keeps every token that it evaluated when the transcript grows', async () => {
    const turns = [user('hi')];
    let evaluated = 0;
    for (const expected of [...ANSWERS, ANSWERS.at(-1)]) {
      const { text, usage } = await scripted.generate(request(turns, { conversation: 'grows' }), silent);
      assert.equal(text, expected);
      assert.ok(usage.cachedTokens >= evaluated, `${usage.cachedTokens} of ${evaluated}`);
      // The token that was sampled last is the only one not yet evaluated.
      evaluated = usage.promptTokens + usage.generatedTokens - 1;
      turns.push(said(text), user('result: ok'));
    }
  });

  test('goes on from a transcript that it did not write', async () => {
    const turns = [user('hi'), said(ANSWERS[0] ?? ''), user('and?')];
    const { text } = await scripted.generate(request(turns, { conversation: 'foreign' }), silent);
    assert.equal(text, ANSWERS[1]);
  });

  test('says the same after another conversation took its place', async () => {
    const turns = [user('hi'), said(ANSWERS[0] ?? ''), user('and?')];
    const kept = await scripted.generate(request(turns, { conversation: 'a' }), silent);
    for (const conversation of ['b', 'c'])
      await scripted.generate(request([user(`I am ${conversation}`)], { conversation }), silent);
    const again = await scripted.generate(request(turns, { conversation: 'a' }), silent);
    assert.equal(again.text, kept.text);
    assert.ok(again.usage.cachedTokens < again.usage.promptTokens - 1);
  });

  test('stops before the next token when cancelled, and repeats the turn from what it kept', async () => {
    let chunks = 0;
    let afterwards = 0;
    const turns = [user('Speak long')];
    const cancelled = scripted.generate(request(turns, { conversation: 'cut' }), {
      ...silent,
      isCancelled: () => chunks >= 3,
      onText: () => {
        if (chunks >= 3) afterwards++;
        chunks++;
      },
    });
    await assert.rejects(cancelled, (error: OspainError) => error.code === 'cancelled');
    assert.deepEqual({ chunks, afterwards }, { chunks: 3, afterwards: 0 });
    const { text, usage } = await scripted.generate(request(turns, { conversation: 'cut' }), silent);
    assert.equal(text, LONG);
    assert.equal(usage.cachedTokens, usage.promptTokens - 1);
  });

  test('stops at the next slice when cancelled while it reads the prompt', async () => {
    let asked = 0;
    const turns = [user('x'.repeat(1000))];
    const cancelled = scripted.generate(request(turns, { conversation: 'read' }), {
      ...silent,
      // Once before it has a place, then before each slice.
      isCancelled: () => ++asked > 4,
    });
    await assert.rejects(cancelled, (error: OspainError) => error.code === 'cancelled');
    const { usage } = await scripted.generate(request(turns, { conversation: 'read' }), silent);
    // Three slices, after the few tokens that every conversation begins with.
    assert.ok(usage.cachedTokens >= 3 * SLICE && usage.cachedTokens < 4 * SLICE, `${usage.cachedTokens} tokens kept`);
  });

  test('ends at the asked number of tokens', async () => {
    const { text, stop, usage } = await scripted.generate(request([user('hi')], { maxTokens: 4 }), silent);
    assert.equal(stop, 'maxTokens');
    assert.equal(usage.generatedTokens, 4);
    assert.ok(text.length > 0 && ANSWERS[0]?.startsWith(text.replace('\ufffd', '')));
  });

  test('refuses what does not fit, with the numbers, and speaks on', async () => {
    const tooLong = scripted.generate(request([user('y'.repeat(3000))]), silent);
    await assert.rejects(tooLong, (error: OspainError) => error.code === 'context_full' && /2048/.test(error.message));
    const exactly = await scripted.generate(request([user('hi')], { conversation: 'fit' }), silent);
    const room = 2048 - exactly.usage.promptTokens;
    await scripted.generate(request([user('hi')], { maxTokens: room }), silent);
    await assert.rejects(
      scripted.generate(request([user('hi')], { maxTokens: room + 1 }), silent),
      (error: OspainError) => error.code === 'context_full',
    );
  });
});

describe('a random model', { timeout: 120_000 }, () => {
  let random: LoadedModel;
  before(async () => {
    random = await load('random.gguf', (path) => writeRandomModel(path));
  });
  const ask = (more: Partial<Request>) => random.generate(request([user('hi')], { maxTokens: 30, ...more }), silent);

  test('follows a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { kind: { enum: ['now', 'later'] }, sure: { type: 'boolean' } },
      required: ['kind', 'sure'],
    };
    const { text } = await ask({ grammar: { schema }, maxTokens: 200 });
    const answer = JSON.parse(text);
    assert.ok(['now', 'later'].includes(answer.kind) && typeof answer.sure === 'boolean', text);
  });

  test('follows GBNF', async () => {
    const grammar = {
      gbnf: 'root ::= "{\\"tool\\":\\"" ("read_file" | "list_files") "\\",\\"path\\":\\"" [a-z/]{1,9} "\\"}"',
    };
    const { text, stop } = await ask({ grammar, maxTokens: 200 });
    assert.match(text, /^\{"tool":"(read_file|list_files)","path":"[a-z/]{1,9}"\}$/);
    assert.equal(stop, 'end');
  });

  test('says the same with the same seed and something else with another', async () => {
    const text = async (seed: number) => (await ask({ temperature: 1, seed })).text;
    assert.equal(await text(42), await text(42));
    assert.notEqual(await text(42), await text(43));
  });
});

const TEMPLATES = {
  none: '',
  'of its own':
    '{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}[bot] {% endif %}',
  'like Mistral':
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'] + ' [/INST]' }}{% elif m['role'] == 'assistant' %}{{ m['content'] + eos_token }}{% endif %}{% endfor %}",
};
for (const [name, template] of Object.entries(TEMPLATES))
  test(`a chat template ${name} keeps the evaluated prefix too`, { timeout: 120_000 }, async () => {
    const metadata = { 'tokenizer.chat_template': { string: template } };
    const model = await load('template.gguf', (path) => writeRandomModel(path, { metadata }));
    const grammar = { gbnf: 'root ::= [a-z ]{8}' };
    const turns = [user('hi')];
    let evaluated = 0;
    for (let turn = 0; turn < 3; turn++) {
      const { text, usage } = await model.generate(request(turns, { grammar }), silent);
      assert.equal(text.length, 8);
      assert.ok(usage.cachedTokens >= evaluated, `${usage.cachedTokens} of ${evaluated}`);
      evaluated = usage.promptTokens + usage.generatedTokens - 1;
      turns.push(said(text), user('more'));
    }
  });
