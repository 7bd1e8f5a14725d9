import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OspainError } from '../../../../protocol/index.ts';
import type { Request } from '../../../../server/inference/llama/generation.ts';
import { type LoadedModel, loadModel } from '../../../../server/inference/llama/model.ts';
import { writeRandomModel } from '../../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { listen } from './listener.ts';

/*
 * What the worker does for several requests at one time, in this process.
 */

const folder = tempFolder('several');
after(() => folder[Symbol.dispose]());

const request = (conversation: string, text: string, more: Partial<Request> = {}): Request => ({
  conversation,
  system: 'short',
  turns: [{ role: 'user', text }],
  maxTokens: 40,
  temperature: 0,
  seed: 1,
  ...more,
});

async function load(write: (path: string) => void, sequences: number): Promise<LoadedModel> {
  const path = join(folder.path, `${sequences}.gguf`);
  write(path);
  return loadModel({ path, contextSize: 1024, sequences, threads: 1 }, () => {});
}

describe('four sequences of a random model', { timeout: 120_000 }, () => {
  let random: LoadedModel;
  before(async () => {
    random = await load((path) => writeRandomModel(path), 4);
  });

  test('say beside others what they say alone', async () => {
    const questions = ['one', 'two, longer', 'three '.repeat(40), 'and a fourth one'];
    const alone: string[] = [];
    for (const question of questions)
      alone.push((await random.generate(request(`alone ${question}`, question), listen())).text);
    const together = await Promise.all(
      questions.map((question) =>
        random.generate(request(`together ${question}`, question, { priority: 'interactive' }), listen()),
      ),
    );
    assert.deepEqual(
      together.map(({ text }) => text),
      alone,
    );
    assert.equal(new Set(alone).size, questions.length, 'all answers are different');
  });

  test('speak at one time: each has begun before the first has ended', async () => {
    const begun = new Set<string>();
    const seen: number[] = [];
    const names = ['a', 'b', 'c'];
    await Promise.all(
      names.map(async (name) => {
        await random.generate(
          request(name, name),
          listen(() => begun.add(name)),
        );
        seen.push(begun.size);
      }),
    );
    assert.equal(seen[0], names.length);
  });

  test('background requests say nothing while an interactive one runs, and go on without reading again', async () => {
    const alone = await random.generate(request('whole', 'background'), listen());
    const log: string[] = [];
    const begun = Promise.withResolvers<void>();
    const background = random.generate(
      request('cut', 'background'),
      listen((text) => {
        log.push('background');
        if (text !== '') begun.resolve();
      }),
    );
    await begun.promise;
    const before = log.length;
    const interactive = await random.generate(
      request('person', 'quick', { priority: 'interactive' }),
      listen(() => log.push('interactive')),
    );
    const lastOfPerson = log.lastIndexOf('interactive');
    const between = log.slice(before, lastOfPerson).filter((who) => who === 'background');
    // The token that was being computed when the person came.
    assert.ok(between.length <= 1, log.join(' '));
    assert.ok(interactive.usage.generatedTokens > 1);
    const { text, usage } = await background;
    assert.equal(text, alone.text);
    assert.equal(usage.generatedTokens, alone.usage.generatedTokens);
    assert.ok(log.length > lastOfPerson + 1, 'it went on');
  });

  test('a new conversation finds the beginning that another one left', async () => {
    const long = 'a stable beginning '.repeat(20);
    const first = await random.generate(request('api-1', `${long}first`, { priority: 'interactive' }), listen());
    const second = await random.generate(request('api-2', `${long}second`, { priority: 'interactive' }), listen());
    assert.ok(
      second.usage.cachedTokens > long.length && first.usage.cachedTokens < long.length,
      `${first.usage.cachedTokens}, then ${second.usage.cachedTokens} of ${second.usage.promptTokens}`,
    );
  });

  test('embeds beside speaking, each vector of length 1', async () => {
    const [{ vectors, tokens }] = await Promise.all([
      random.embed({ texts: ['one text', 'one text', 'another one'] }, listen()),
      random.generate(request('speaks', 'hi'), listen()),
    ]);
    for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
    assert.deepEqual(vectors[0], vectors[1]);
    assert.notDeepEqual(vectors[0], vectors[2]);
    assert.ok(tokens >= 'one textone textanother one'.length);
    const code = (expected: string) => (error: OspainError) => error.code === expected;
    await assert.rejects(random.embed({ texts: ['x'.repeat(5000)] }, listen()), code('context_full'));
    await assert.rejects(random.embed({ texts: [''] }, listen()), code('invalid_params'));
  });
});

describe('completing text', { timeout: 120_000 }, () => {
  let filling: LoadedModel;
  const LONG = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
  before(async () => {
    filling = await load(
      (path) =>
        writeScriptedModel(path, [{ answers: [LONG] }, { when: 'function add(a, b)', answers: ['return a + b;'] }], {
          fills: true,
        }),
      2,
    );
  });
  const sampling = { maxTokens: 100, temperature: 0, seed: 1 };

  test('a gap is filled with what the prefix asks for', async () => {
    assert.ok(filling.loaded.canFill && filling.loaded.sequences === 2);
    const listener = listen();
    const ask = { ...sampling, prefix: 'function add(a, b) { ', suffix: ' }' };
    const { text, stop } = await filling.complete(ask, listener);
    assert.deepEqual([text, stop, listener.text()], ['return a + b;', 'end', text]);
    const again = await filling.complete({ ...ask, suffix: ' } // a' }, listen());
    // Only what was added to the suffix, and the token that asks for the middle.
    assert.equal(again.usage.promptTokens - again.usage.cachedTokens, ' // a'.length + 1);
  });

  test('a text is gone on with', async () => {
    const { text } = await filling.complete({ ...sampling, prefix: 'word0 and so\n' }, listen());
    assert.equal(text, LONG);
  });

  test('a text that was to end it ends it and is no part of it, though it comes in parts', async () => {
    const listener = listen();
    const ask = { ...sampling, prefix: '\n', stop: ['4 word5 w', 'nowhere'] };
    const { text, stop } = await filling.complete(ask, listener);
    assert.deepEqual([text, stop], ['word0 word1 word2 word3 word', 'stop']);
    assert.equal(listener.text(), text);
    const chat = await filling.generate(request('stops', 'hi', { stop: [' word2'] }), listen());
    assert.deepEqual([chat.text, chat.stop], ['word0 word1', 'stop']);
  });

  test('what does not fit is refused', async () => {
    const tooLong = filling.complete({ ...sampling, prefix: 'x'.repeat(2000) }, listen());
    await assert.rejects(tooLong, (error: OspainError) => error.code === 'context_full');
  });
});

test('a model that was never taught gaps says so; one that only embeds does not speak', {
  timeout: 120_000,
}, async () => {
  const path = join(folder.path, 'plain.gguf');
  writeRandomModel(path);
  const load = (embedding: boolean) =>
    loadModel({ path, contextSize: 512, sequences: 1, threads: 1, embedding }, () => {});
  const plain = await load(false);
  const notTaught = (error: OspainError) => error.code === 'not_taught';
  assert.ok(!plain.loaded.canFill && plain.loaded.canEmbed && plain.loaded.gpu === null);
  assert.ok(plain.loaded.memoryBytes > 0);
  const gap = { prefix: 'a', suffix: 'b', maxTokens: 4, temperature: 0, seed: 1 };
  await assert.rejects(plain.complete(gap, listen()), notTaught);
  const embedding = await load(true);
  await assert.rejects(embedding.generate(request('a', 'hi'), listen()), notTaught);
  assert.equal((await embedding.embed({ texts: ['hi'] }, listen())).vectors.length, 1);
});
