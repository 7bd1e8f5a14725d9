import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type OpenAI from 'openai';
import { type ApiServer, startApiServer } from '../../../../support/apiServer.ts';
import { writeScriptedModel } from '../../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../../support/temp.ts';

const user = { role: 'user' as const, content: 'What time is it?' };
const parameters = {
  type: 'object',
  properties: { zone: { enum: ['UTC', 'CET'] } },
  required: ['zone'],
  additionalProperties: false,
};
const described = { name: 'getTime', description: 'The time in a zone.', parameters };
const tools: OpenAI.ChatCompletionTool[] = [{ type: 'function', function: described }];

describe('tools with the client of OpenAI', { timeout: 120_000 }, () => {
  const folder = tempFolder('tools');
  let server: ApiServer;
  before(async () => {
    const model = join(folder.path, 'scripted.gguf');
    writeScriptedModel(model, [
      { answers: ['Let me look. ||call: getTime'] },
      { when: '12:00', answers: ['It is noon.'] },
      { when: 'as JSON please', answers: ['{"count":42}'] },
    ]);
    server = await startApiServer([model]);
  });
  after(async () => {
    await server?.[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('are called, answered, and the model goes on', async () => {
    const ask = { model: 'scripted', temperature: 0, tools };
    const first = await server.openai.chat.completions.create({ ...ask, messages: [user] });
    const [choice] = first.choices;
    assert.deepEqual([choice?.finish_reason, choice?.message.content], ['tool_calls', 'Let me look.']);
    const [call] = choice?.message.tool_calls ?? [];
    assert.ok(choice && call?.type === 'function');
    assert.equal(call.function.name, 'getTime');
    assert.match((JSON.parse(call.function.arguments) as { zone: string }).zone, /^(UTC|CET)$/);
    const results = (choice.message.tool_calls ?? []).map(({ id }) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content: '{"time":"12:00"}',
    }));
    const second = await server.openai.chat.completions.create({
      ...ask,
      messages: [user, choice.message, ...results],
    });
    assert.deepEqual(
      [second.choices[0]?.finish_reason, second.choices[0]?.message.content, second.choices[0]?.message.tool_calls],
      ['stop', 'It is noon.', undefined],
    );
  });

  it('are called in a stream too, as the helper of the client puts it together', async () => {
    const stream = server.openai.chat.completions.stream({
      model: 'scripted',
      temperature: 0,
      tools,
      messages: [user],
    });
    const { choices } = await stream.finalChatCompletion();
    assert.deepEqual([choices[0]?.finish_reason, choices[0]?.message.content], ['tool_calls', 'Let me look.']);
    const [call] = choices[0]?.message.tool_calls ?? [];
    assert.equal(call?.type === 'function' && call.function.name, 'getTime');
  });

  it('are run by the runner of the client', async () => {
    const asked: unknown[] = [];
    const runner = server.openai.chat.completions.runTools({
      ...{ model: 'scripted', temperature: 0, messages: [user] },
      tools: [
        {
          type: 'function',
          function: {
            ...described,
            parse: (text: string) => JSON.parse(text) as unknown,
            function: (input: unknown) => {
              asked.push(input);
              return '{"time":"12:00"}';
            },
          },
        },
      ],
    });
    assert.equal(await runner.finalContent(), 'It is noon.');
    assert.ok(asked.length > 0);
  });

  it('are left alone, or must be called, as the client chooses', async () => {
    const ask = (tool_choice: OpenAI.ChatCompletionToolChoiceOption, more: object = {}) =>
      server.openai.chat.completions.create({
        ...{ model: 'scripted', temperature: 0, tools, tool_choice, messages: [user], max_tokens: 300 },
        ...more,
      });
    const none = await ask('none');
    assert.deepEqual([none.choices[0]?.message.tool_calls, none.choices[0]?.finish_reason], [undefined, 'stop']);
    const forced = await ask({ type: 'function', function: { name: 'getTime' } });
    assert.equal(forced.choices[0]?.finish_reason, 'tool_calls');
    const once = await ask('required', { parallel_tool_calls: false });
    assert.equal(once.choices[0]?.message.tool_calls?.length, 1);
  });

  it('are called where it is a response, streamed or not', async () => {
    const ask = {
      ...{ model: 'scripted', temperature: 0 },
      tools: [{ type: 'function' as const, strict: false, ...described }],
    };
    const first = await server.openai.responses.create({ ...ask, input: [user] });
    const [message, call] = first.output;
    assert.deepEqual([message?.type, call?.type, first.output_text], ['message', 'function_call', 'Let me look.']);
    assert.ok(call?.type === 'function_call');
    const calls = first.output.filter((item) => item.type === 'function_call');
    const results = calls.map(({ call_id }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: '{"time":"12:00"}',
    }));
    const second = await server.openai.responses.create({
      ...ask,
      input: [user, ...first.output, ...results] as never,
    });
    assert.equal(second.output_text, 'It is noon.');
    const stream = server.openai.responses.stream({ ...ask, input: [user] });
    const last = await stream.finalResponse();
    assert.deepEqual(
      last.output.map(({ type }) => type),
      first.output.map(({ type }) => type),
    );
    assert.equal(last.output_text, 'Let me look.');
  });

  it('are not needed for any JSON', async () => {
    const { choices } = await server.openai.chat.completions.create({
      ...{ model: 'scripted', temperature: 0, response_format: { type: 'json_object' } },
      messages: [{ role: 'user', content: 'How many, as JSON please' }],
    });
    assert.deepEqual(JSON.parse(choices[0]?.message.content ?? ''), { count: 42 });
  });
});
