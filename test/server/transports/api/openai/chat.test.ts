import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { APIConnectionError, APIUserAbortError, AuthenticationError, BadRequestError, NotFoundError } from 'openai';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeScriptedModel } from '../../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

const ANSWER = 'Sie dürfen 42 Äpfel essen — guten Appetit! 🍎';
const JSON_ANSWER = '{"fruit":"apple","count":42}';
const user = (content: string) => ({ role: 'user' as const, content });

describe('chat with the client of OpenAI', { timeout: 120_000 }, () => {
  const folder = tempFolder('chat');
  let server: ApiServer;
  before(async () => {
    const [model, endless] = [join(folder.path, 'scripted.gguf'), join(folder.path, 'endless.gguf')];
    writeScriptedModel(model, [
      { answers: [ANSWER, 'And that was all of them.'] },
      { when: 'as JSON please', answers: [JSON_ANSWER] },
    ]);
    const numbers = Array.from({ length: 1200 }, (_, at) => `${at}`).join(' ');
    writeScriptedModel(endless, [{ answers: [numbers] }]);
    server = await startApiServer([model, endless]);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('answers, with what it used', async () => {
    const answer = await server.openai.chat.completions.create({
      model: 'scripted',
      messages: [{ role: 'system', content: 'Be kind.' }, user('How many?')],
    });
    assert.equal(answer.model, 'scripted');
    const [choice] = answer.choices;
    assert.deepEqual([choice?.message.content, choice?.finish_reason], [ANSWER, 'stop']);
    const { usage } = answer;
    assert.ok(usage && usage.prompt_tokens > 0 && usage.completion_tokens > 0);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
    assert.match(answer._request_id ?? '', /^[\da-f-]{36}$/);
  });

  it('takes the evaluated beginning of a second turn from its cache', async () => {
    const messages = [
      { role: 'system' as const, content: 'Be kind.' },
      ...[user('How many?'), { role: 'assistant' as const, content: ANSWER }, user('And?')],
    ];
    const { choices, usage } = await server.openai.chat.completions.create({ model: 'scripted', messages });
    assert.equal(choices[0]?.message.content, 'And that was all of them.');
    const { prompt_tokens: read = 0, prompt_tokens_details: { cached_tokens: kept = 0 } = {} } = usage ?? {};
    assert.ok(kept > read / 2 && kept < read, `${kept} of ${read}`);
  });

  it('streams the same text, letter for letter, and its usage when asked', async () => {
    const ask = { model: 'scripted', messages: [user('How many?')], stream: true as const };
    const chunks = [];
    const stream = await server.openai.chat.completions.create({ ...ask, stream_options: { include_usage: true } });
    for await (const chunk of stream) chunks.push(chunk);
    assert.equal(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join(''), ANSWER);
    assert.deepEqual(
      chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? []),
      ['stop'],
    );
    assert.equal(new Set(chunks.map(({ id }) => id)).size, 1);
    assert.deepEqual(chunks.at(-1)?.choices, []);
    assert.ok((chunks.at(-1)?.usage?.completion_tokens ?? 0) > 0);
    const plain = [];
    for await (const chunk of await server.openai.chat.completions.create(ask)) plain.push(chunk);
    assert.ok(plain.every((chunk) => !('usage' in chunk)));
  });

  it('is what the helper of the client puts together', async () => {
    const stream = server.openai.chat.completions.stream({ model: 'scripted', messages: [user('How many?')] });
    assert.equal(await stream.finalContent(), ANSWER);
  });

  it('follows a JSON schema', async () => {
    const schema = {
      type: 'object',
      properties: { fruit: { type: 'string' }, count: { type: 'integer' } },
      required: ['fruit', 'count'],
      additionalProperties: false,
    };
    const { choices } = await server.openai.chat.completions.create({
      ...{ model: 'scripted', temperature: 0 },
      response_format: { type: 'json_schema', json_schema: { name: 'fruit', strict: true, schema } },
      messages: [user('How many, as JSON please')],
    });
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { fruit: 'apple', count: 42 });
  });

  it('ends at the limit of tokens', async () => {
    const { choices, usage } = await server.openai.chat.completions.create({
      ...{ model: 'endless', max_completion_tokens: 3 },
      messages: [user('Count.')],
    });
    assert.deepEqual([choices[0]?.finish_reason, usage?.completion_tokens], ['length', 3]);
  });

  it('ends at once when the client gives up, and speaks to the next one', async () => {
    const stream = await server.openai.chat.completions.create({
      ...{ model: 'endless', stream: true, max_tokens: 3000 },
      messages: [user('Count.')],
    });
    for await (const { choices } of stream) if ((choices[0]?.delta.content ?? '').includes('5')) break;
    const gaveUp = new AbortController();
    const alone = server.openai.chat.completions.create(
      { model: 'endless', max_tokens: 3000, messages: [user('Count.')] },
      { signal: gaveUp.signal },
    );
    setImmediate(() => gaveUp.abort());
    await assert.rejects(alone, APIUserAbortError);
    const { usage } = await server.openai.chat.completions.create({
      ...{ model: 'endless', max_tokens: 2 },
      messages: [user('Count.')],
    });
    assert.equal(usage?.completion_tokens, 2);
  });

  it('fails as the client expects', async () => {
    const ask = (model: string, content: string) =>
      server.openai.chat.completions.create({ model, messages: [user(content)] });
    await assert.rejects(ask('gpt-5', 'Hi.'), (error) => {
      assert.ok(error instanceof NotFoundError);
      assert.deepEqual([error.code, error.type], ['model_not_found', 'invalid_request_error']);
      return true;
    });
    await assert.rejects(ask('scripted', 'word '.repeat(20_000)), (error) => {
      assert.ok(error instanceof BadRequestError);
      assert.equal(error.code, 'context_length_exceeded');
      return true;
    });
    const stranger = server.openai.withOptions({ apiKey: 'sk-wrong' });
    await assert.rejects(stranger.models.list(), AuthenticationError);
    await server.client.request('api/rotateToken', {});
    await assert.rejects(ask('scripted', 'Hi.'), AuthenticationError, 'the old token is refused');
    await server.client.request('api/stop', {});
    await assert.rejects(ask('scripted', 'Hi.'), APIConnectionError);
  });
});
