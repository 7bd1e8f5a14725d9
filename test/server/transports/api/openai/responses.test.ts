import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeScriptedModel } from '../../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

const ANSWER = 'There are forty-two of them, more or less.';

describe('responses with the client of OpenAI', { timeout: 60_000 }, () => {
  const folder = tempFolder('responses');
  let server: ApiServer;
  before(async () => {
    const model = join(folder.path, 'scripted.gguf');
    writeScriptedModel(model, [{ answers: [ANSWER] }, { when: 'as JSON please', answers: ['{"count":42}'] }]);
    server = await startApiServer([model]);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('answer, and store nothing', async () => {
    const response = await server.openai.responses.create({
      model: 'scripted',
      instructions: 'Be kind.',
      input: 'How many?',
    });
    assert.deepEqual([response.output_text, response.status], [ANSWER, 'completed']);
    assert.equal('store' in response && response.store, false);
    assert.ok((response.usage?.output_tokens ?? 0) > 0);
    await assert.rejects(server.openai.responses.retrieve(response.id), { status: 404 });
  });

  it('stream with the names of their events, in order', async () => {
    const stream = server.openai.responses.stream({
      model: 'scripted',
      input: [{ role: 'user', content: 'How many?' }],
    });
    const [types, numbers]: [string[], number[]] = [[], []];
    let text = '';
    for await (const event of stream) {
      if (types.at(-1) !== event.type) types.push(event.type);
      numbers.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.equal(text, ANSWER);
    assert.deepEqual(types, [
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => at),
    );
    assert.equal((await stream.finalResponse()).output_text, ANSWER);
  });

  it('follow a JSON schema, and say when they are cut', async () => {
    const schema = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] };
    const formed = await server.openai.responses.create({
      ...{ model: 'scripted', temperature: 0, input: 'How many, as JSON please' },
      text: { format: { type: 'json_schema', name: 'count', schema } },
    });
    assert.deepEqual(JSON.parse(formed.output_text), { count: 42 });
    const cut = await server.openai.responses.create({ model: 'scripted', input: 'How many?', max_output_tokens: 1 });
    assert.deepEqual([cut.status, cut.incomplete_details?.reason], ['incomplete', 'max_output_tokens']);
  });
});
