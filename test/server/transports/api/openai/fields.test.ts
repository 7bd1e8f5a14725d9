import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Dispatch } from '../../../../../server/dispatch.ts';
import { serveApi } from '../serveApi.ts';

const hi = { role: 'user', content: 'Hi.' };
const tool = { type: 'function', function: { name: 'look' } };
const usage = { promptTokens: 3, cachedTokens: 2, generatedTokens: 4, firstTokenMs: 1, durationMs: 1 };

/** A core that writes down what it was asked. */
function recorder() {
  const asked: { method: string; params: unknown }[] = [];
  const dispatch: Dispatch = async (method, params) => {
    asked.push({ method, params });
    if (method === 'inference/embed') return { ok: true, result: { model: 'm', vectors: [[0.5, -1]], tokens: 3 } };
    const calls = [1, 2].map((at) => ({ id: `c${at}`, name: 'look', arguments: '{}' }));
    return { ok: true, result: { model: 'm', text: 'Yes.', stop: 'maxTokens', usage, calls } };
  };
  return { asked, dispatch };
}

describe('what is asked in the words of OpenAI', { timeout: 60_000 }, () => {
  const refused: [path: string, body: object, param: string | null][] = [
    ['chat/completions', {}, 'messages'],
    ['chat/completions', { messages: [] }, 'messages'],
    ['chat/completions', { messages: 'Hi.' }, 'messages'],
    ['chat/completions', { messages: [hi], model: 7 }, 'model'],
    ['chat/completions', { messages: [hi], temperature: 3 }, 'temperature'],
    ['chat/completions', { messages: [hi], top_p: -1 }, 'top_p'],
    ['chat/completions', { messages: [hi], max_tokens: 0 }, 'max_tokens'],
    ['chat/completions', { messages: [hi], max_completion_tokens: 1.5 }, 'max_completion_tokens'],
    ['chat/completions', { messages: [hi], stream: 'yes' }, 'stream'],
    ['chat/completions', { messages: [hi], seed: 'x' }, 'seed'],
    ['chat/completions', { messages: [hi], stop: [1] }, 'stop[0]'],
    ['chat/completions', { messages: [hi], n: 2 }, 'n'],
    ['chat/completions', { messages: [hi], logprobs: true }, 'logprobs'],
    ['chat/completions', { messages: [hi], functions: [{ name: 'x' }] }, 'functions'],
    ['chat/completions', { messages: [hi], modalities: ['text', 'audio'] }, 'modalities'],
    ['chat/completions', { messages: [{ role: 'bot', content: 'x' }] }, 'messages[0].role'],
    ['chat/completions', { messages: [hi, { role: 'user', content: 7 }] }, 'messages[1].content'],
    ['chat/completions', { messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages[0].content[0].type'],
    ['chat/completions', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
    [
      'chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:,' } }] }] },
      'messages[0].content[0].type',
    ],
    [
      'chat/completions',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      'messages[0].content[0].type',
    ],
    ['chat/completions', { messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].tool_call_id'],
    ['chat/completions', { messages: [hi], tools: [{ type: 'browser' }] }, 'tools[0].type'],
    ['chat/completions', { messages: [hi], tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['chat/completions', { messages: [hi], tool_choice: 'required' }, 'tool_choice'],
    [
      'chat/completions',
      { messages: [hi], tools: [tool], tool_choice: { type: 'function', function: { name: 'nope' } } },
      'tool_choice',
    ],
    ['chat/completions', { messages: [hi], response_format: { type: 'xml' } }, 'response_format.type'],
    [
      'chat/completions',
      { messages: [hi], tools: [tool], response_format: { type: 'json_object' } },
      'response_format',
    ],
    ['completions', {}, 'prompt'],
    ['completions', { prompt: [1, 2, 3] }, 'prompt'],
    ['completions', { prompt: ['a', 'b'] }, 'prompt'],
    ['completions', { prompt: 'a', echo: true }, 'echo'],
    ['completions', { prompt: 'a', best_of: 2 }, 'best_of'],
    ['completions', { prompt: 'a', logprobs: 1 }, 'logprobs'],
    ['completions', { prompt: 'a', suffix: 1 }, 'suffix'],
    ['embeddings', {}, 'input'],
    ['embeddings', { input: '' }, 'input'],
    ['embeddings', { input: [] }, 'input'],
    ['embeddings', { input: [1, 2] }, 'input[0]'],
    ['embeddings', { input: [[1], [2]] }, 'input[0]'],
    ['embeddings', { input: ['a', ''] }, 'input[1]'],
    ['embeddings', { input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    ['embeddings', { input: 'a', dimensions: 7 }, 'dimensions'],
    ['responses', {}, 'input'],
    ['responses', { input: [] }, 'input'],
    ['responses', { input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type'],
    ['responses', { input: [{ role: 'user', content: [{ type: 'input_image' }] }] }, 'input[0].content[0].type'],
    ['responses', { input: 'a', previous_response_id: 'resp_1' }, 'previous_response_id'],
    ['responses', { input: 'a', conversation: 'c' }, 'conversation'],
    ['responses', { input: 'a', background: true }, 'background'],
    ['responses', { input: 'a', tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    ['responses', { input: 'a', text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
  ];

  it('is refused with the name of the field that is at fault', async () => {
    await using served = await serveApi({ dispatch: recorder().dispatch });
    for (const [path, body, param] of refused)
      for (const stream of path === 'embeddings' || 'stream' in body ? [{}] : [{}, { stream: true }]) {
        const response = await served.post(`/v1/${path}`, { ...stream, ...body });
        const { error } = (await response.json()) as { error: { type: string; param: string; message: string } };
        const what = `${path} ${JSON.stringify(body)}`;
        assert.deepEqual([response.status, error.type, error.param], [400, 'invalid_request_error', param], what);
        assert.ok(error.message.length > 10, what);
      }
  });

  it('becomes a chat of the protocol', async () => {
    const { asked, dispatch } = recorder();
    await using served = await serveApi({ dispatch });
    const response = await served.post('/v1/chat/completions', {
      model: 'small',
      messages: [
        { role: 'developer', content: 'Be short.' },
        {
          role: 'user',
          name: 'Ann',
          content: [
            { type: 'text', text: 'One.' },
            { type: 'text', text: 'Two.' },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', ...tool, function: { name: 'look', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'Seen.' },
      ],
      tools: [
        { ...tool, function: { name: 'look', description: 'Looks.', strict: true, parameters: { type: 'object' } } },
      ],
      tool_choice: { type: 'function', function: { name: 'look' } },
      parallel_tool_calls: false,
      ...{ temperature: 0, top_p: 0.5, seed: -2, stop: 'END', max_tokens: 9, max_completion_tokens: 7 },
      ...{ unheard_of: { of: 1 }, presence_penalty: 1, n: 1, logprobs: false, user: 'u', store: null, metadata: null },
    });
    assert.deepEqual(asked, [
      {
        method: 'inference/chat',
        params: {
          model: 'small',
          messages: [
            { role: 'system', text: 'Be short.' },
            { role: 'user', text: 'One.\nTwo.' },
            { role: 'assistant', text: '', calls: [{ id: 'c1', name: 'look', arguments: '{}' }] },
            { role: 'tool', text: 'Seen.', callId: 'c1' },
          ],
          tools: [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }],
          toolChoice: { name: 'look' },
          ...{ temperature: 0, topP: 0.5, topK: 40, minP: 0.05, seed: 0xffff_fffe, stop: ['END'], maxTokens: 7 },
        },
      },
    ]);
    const { choices, usage: counted } = (await response.json()) as { choices: unknown; usage: unknown };
    assert.deepEqual(choices, [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: 'Yes.',
          refusal: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' } }],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ]);
    assert.deepEqual(counted, {
      ...{ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
      prompt_tokens_details: { cached_tokens: 2 },
    });
  });

  it('becomes a chat also where it is a response', async () => {
    const { asked, dispatch } = recorder();
    await using served = await serveApi({ dispatch });
    await served.post('/v1/responses', {
      instructions: 'Be short.',
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'One.' }] },
        { type: 'reasoning', summary: [] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
        { type: 'function_call', call_id: 'c2', name: 'look', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'Seen.' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'Not seen.' }] },
      ],
      text: { format: { type: 'json_schema', name: 'x', schema: { type: 'object' } } },
      temperature: 0.1,
    });
    const call = (id: string) => ({ id, name: 'look', arguments: '{}' });
    assert.deepEqual(asked[0]?.params, {
      model: 'default',
      messages: [
        { role: 'system', text: 'Be short.' },
        { role: 'user', text: 'One.' },
        { role: 'assistant', text: 'I look.', calls: [call('c1'), call('c2')] },
        { role: 'tool', callId: 'c1', text: 'Seen.' },
        { role: 'tool', callId: 'c2', text: 'Not seen.' },
      ],
      schema: { type: 'object' },
      ...{ temperature: 0.1, topP: 0.95, topK: 40, minP: 0.05 },
    });
  });

  it('comes back as numbers, or as their bytes', async () => {
    const { asked, dispatch } = recorder();
    await using served = await serveApi({ dispatch });
    const embed = async (more: object) => {
      const response = await served.post('/v1/embeddings', { input: 'a', ...more });
      return ((await response.json()) as { data: [{ embedding: unknown }] }).data[0].embedding;
    };
    assert.deepEqual(await embed({}), [0.5, -1]);
    const bytes = Buffer.from(String(await embed({ encoding_format: 'base64', dimensions: 2 })), 'base64');
    assert.deepEqual([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length], [0.5, -1, 8]);
    assert.deepEqual(asked[0], { method: 'inference/embed', params: { model: 'embed', texts: ['a'] } });
  });

  it('goes on with a text in few tokens unless told otherwise', async () => {
    const { asked, dispatch } = recorder();
    await using served = await serveApi({ dispatch });
    const response = await served.post('/v1/completions', { prompt: ['a'], suffix: 'b', temperature: 0 });
    const { choices } = (await response.json()) as { choices: [{ text: string; finish_reason: string }] };
    assert.deepEqual([choices[0].text, choices[0].finish_reason], ['Yes.', 'length']);
    assert.deepEqual(asked[0]?.params, {
      ...{ model: 'default', prompt: 'a', suffix: 'b', maxTokens: 16 },
      ...{ temperature: 0, topP: 0.95, topK: 40, minP: 0.05 },
    });
  });
});
