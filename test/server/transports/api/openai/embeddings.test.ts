import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { BadRequestError, NotFoundError } from 'openai';
import { startApiServer } from '../../../../support/apiServer.ts';
import { writeRandomModel } from '../../../../support/gguf/randomModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

const WIDTH = 32;

describe('embeddings with the client of OpenAI', { timeout: 60_000 }, () => {
  it('are vectors of length 1, in order, however they are written', async () => {
    using folder = tempFolder('embeddings');
    const model = join(folder.path, 'random.gguf');
    writeRandomModel(model, { width: WIDTH });
    await using server = await startApiServer([model]);
    const ask = (input: string | string[], encoding_format?: 'float' | 'base64') =>
      server.openai.embeddings.create({ model: 'random', input, ...(encoding_format && { encoding_format }) });
    const texts = ['a word', 'another word, longer', 'a word'];
    const { data, usage } = await ask(texts, 'float');
    assert.deepEqual(
      data.map(({ index, embedding }) => [index, embedding.length]),
      texts.map((_, index) => [index, WIDTH]),
    );
    for (const { embedding } of data)
      assert.ok(Math.abs(embedding.reduce((sum, value) => sum + value * value, 0) - 1) < 1e-4);
    assert.deepEqual(data[0]?.embedding, data[2]?.embedding);
    assert.notDeepEqual(data[0]?.embedding, data[1]?.embedding);
    assert.ok(usage.prompt_tokens > 0 && usage.total_tokens === usage.prompt_tokens);
    // The client asks for bytes when nothing is said, and makes numbers of them.
    const [alone] = (await ask('a word')).data;
    alone?.embedding.forEach((value, at) => {
      assert.ok(Math.abs(value - (data[0]?.embedding[at] ?? 9)) < 1e-6);
    });
    assert.equal(alone?.embedding.length, WIDTH);
    await assert.rejects(ask(['fine', '']), BadRequestError);
    await assert.rejects(server.openai.embeddings.create({ model: 'nobody', input: 'x' }), NotFoundError);
  });
});
