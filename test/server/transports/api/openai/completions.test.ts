import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { BadRequestError } from 'openai';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { createVocabulary } from '../../../../support/gguf/vocabulary.ts';
import { tempFolder } from '../../../../support/temp.ts';

describe('completions with the client of OpenAI', { timeout: 60_000 }, () => {
  const folder = tempFolder('completions');
  let server: ApiServer;
  before(async () => {
    const [random, plain] = [join(folder.path, 'random.gguf'), join(folder.path, 'plain.gguf')];
    const marks = ['prefix', 'suffix', 'middle'].map((what) => ({ text: `<|fim_${what}|>`, kind: 'control' as const }));
    writeRandomModel(random, { vocabulary: createVocabulary(marks) });
    writeRandomModel(plain);
    server = await startApiServer([random, plain]);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('go on with a text, the same for the same seed', async () => {
    const ask = { model: 'random', prompt: 'Once upon a time', max_tokens: 12, temperature: 0 };
    const { choices, usage, model } = await server.openai.completions.create(ask);
    assert.deepEqual([model, choices.length, choices[0]?.finish_reason], ['random', 1, 'length']);
    assert.equal(usage?.completion_tokens, 12);
    const again = await server.openai.completions.create({ ...ask, prompt: [ask.prompt] });
    assert.equal(again.choices[0]?.text, choices[0]?.text);
    const seeded = () => server.openai.completions.create({ ...ask, temperature: 1, seed: 7 });
    const [one, two] = [await seeded(), await seeded()];
    assert.equal(one.choices[0]?.text, two.choices[0]?.text);
  });

  it('stream the same text', async () => {
    const ask = { model: 'random', prompt: 'Once', max_tokens: 12, temperature: 0 };
    const whole = await server.openai.completions.create(ask);
    let text = '';
    const ends = [];
    const stream = await server.openai.completions.create({
      ...ask,
      ...{ stream: true as const, stream_options: { include_usage: true } },
    });
    for await (const { choices, usage } of stream) {
      text += choices[0]?.text ?? '';
      ends.push(choices[0]?.finish_reason ?? usage?.completion_tokens);
    }
    assert.equal(text, whole.choices[0]?.text);
    assert.deepEqual(ends.slice(-2), ['length', 12]);
  });

  it('fill a gap where the model was taught to, and say so where not', async () => {
    const ask = (model: string, suffix?: string) =>
      server.openai.completions.create({
        ...{ model, prompt: 'function add(a, b) {', max_tokens: 8, temperature: 0 },
        ...(suffix !== undefined && { suffix }),
      });
    const [filled, without] = [await ask('random', '}'), await ask('random')];
    assert.ok((filled.usage?.prompt_tokens ?? 0) > (without.usage?.prompt_tokens ?? 0));
    assert.equal((await ask('plain')).choices.length, 1);
    await assert.rejects(ask('plain', '}'), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.equal(error.code, 'unsupported_value');
      return true;
    });
  });
});
