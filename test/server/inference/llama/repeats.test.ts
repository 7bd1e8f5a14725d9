import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { LlamaContextSequence } from 'node-llama-cpp';
import type { Turn } from '../../../../server/inference/engine.ts';
import type { Request } from '../../../../server/inference/llama/generation.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import { createGuesses, expectRepeats } from '../../../../server/inference/llama/repeats.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

const ANSWER = Array.from({ length: 60 }, (_, i) => `line${i} of code${i};`).join('\n');
const folder = tempFolder('repeats');
const path = join(folder.path, 'scripted.gguf');
before(() => writeScriptedModel(path, [{ answers: [ANSWER] }]));
after(() => folder[Symbol.dispose]());

const user = (text: string): Turn => ({ role: 'user', text });
const request = (turns: readonly Turn[], more: Partial<Request> = {}): Request => ({
  conversation: 'one',
  system: 'short',
  turns,
  maxTokens: 300,
  temperature: 0,
  seed: 1,
  ...more,
});

/*
 * Fails where node-llama-cpp is not patched: as published it accepts one guess in each evaluation.
 * The patch is in `patches/`, and applied when dependencies are installed.
 */
test('several guesses are accepted in one evaluation', { timeout: 60_000 }, async () => {
  const library = await import('node-llama-cpp');
  const llama = await library.getLlama({ gpu: false, build: 'never', skipDownload: true, maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: path });
  const context = await model.createContext({ contextSize: 2048 });
  const sequence = context.getSequence({ tokenPredictor: createGuesses(library) });
  const speak = async (from: LlamaContextSequence) => {
    const tokens = [];
    await from.clearHistory();
    for await (const token of from.evaluate(model.tokenize('\n'), { temperature: 0 })) tokens.push(token);
    return tokens;
  };
  const alone = await speak(sequence);
  assert.equal(sequence.tokenPredictions.validated, 0, 'it does not guess unless it is told to');
  expectRepeats(sequence, alone);
  const guessing = await speak(sequence);
  assert.deepEqual(guessing, alone);
  const { validated } = sequence.tokenPredictions;
  // With at most one a time it could not be more than half.
  assert.ok(validated > alone.length * 0.75, `${validated} of ${alone.length} tokens`);
});

describe('an answer', { timeout: 120_000 }, () => {
  let scripted: LoadedModel;
  let random: LoadedModel;
  const load = (path: string) => loadModel({ path, contextSize: 2048, sequences: 2, threads: 1 }, () => {});
  before(async () => {
    const other = join(folder.path, 'random.gguf');
    writeRandomModel(other);
    [scripted, random] = [await load(path), await load(other)];
  });

  test('that repeats the transcript is the same with guesses and without, also when it goes on', async () => {
    for (const conversation of ['with', 'without']) {
      const turns = [user('hi')];
      const more = { conversation, repeats: conversation === 'with' };
      let evaluated = 0;
      for (let turn = 0; turn < 3; turn++) {
        const listener = listen();
        const { text, usage } = await scripted.generate(request(turns, more), listener);
        assert.deepEqual([text, listener.text()], [ANSWER, ANSWER]);
        assert.ok(usage.cachedTokens >= evaluated, `${usage.cachedTokens} of ${evaluated}`);
        evaluated = usage.promptTokens + usage.generatedTokens - 1;
        turns.push({ role: 'assistant', text }, user('again'));
      }
    }
  });

  test('ends where it was to end, whatever was guessed beyond', async () => {
    const turns = [user('hi'), { role: 'assistant', text: ANSWER } as const, user('again')];
    const first = await scripted.generate(request([user('hi')], { conversation: 'ends' }), listen());
    assert.equal(first.text, ANSWER);
    for (const more of [{ maxTokens: 10 }, { stop: ['code5;'] }]) {
      const asked = request(turns, { conversation: 'ends', ...more });
      const plain = await scripted.generate(asked, listen());
      const guessing = await scripted.generate({ ...asked, repeats: true }, listen());
      assert.deepEqual([guessing.text, guessing.stop], [plain.text, plain.stop]);
      assert.equal(guessing.usage.generatedTokens, plain.usage.generatedTokens);
    }
    const listener = listen(() => listener.cancel());
    await assert.rejects(scripted.generate(request(turns, { conversation: 'ends', repeats: true }), listener), {
      code: 'cancelled',
    });
    const after = await scripted.generate(request(turns, { conversation: 'ends' }), listen());
    assert.equal(after.text, ANSWER);
  });

  test('under a grammar is the same too', async () => {
    const grammar = { gbnf: 'root ::= [ab ] [ab ] [ab ] root' };
    const schema = {
      grammar: { schema: { type: 'array', items: { enum: ['abab', 'baba'] }, minItems: 6, maxItems: 9 } },
    };
    for (const more of [{ grammar }, schema, {}]) {
      const asked = request([user('abab baba '.repeat(20))], { conversation: JSON.stringify(more), ...more });
      const plain = await random.generate(asked, listen());
      const guessing = await random.generate({ ...asked, repeats: true }, listen());
      assert.equal(guessing.text, plain.text);
      assert.equal(guessing.usage.generatedTokens, plain.usage.generatedTokens);
    }
  });
});
