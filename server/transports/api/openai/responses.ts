import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Result, Usage } from '../../../../protocol/index.ts';
import { type Ask, route } from '../route.ts';
import { openaiError } from './errors.ts';
import { seconds } from './fields.ts';
import { chatOf, echoOf, ResponseRequest } from './responseRequest.ts';
import { type Events, streamAnswer } from './stream.ts';

const OutputText = z.object({ type: z.literal('output_text'), text: z.string(), annotations: z.array(z.unknown()) });

const OutputItem = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('message'),
    id: z.string(),
    status: z.enum(['in_progress', 'completed', 'incomplete']),
    role: z.literal('assistant'),
    content: z.array(OutputText),
  }),
  z.object({
    type: z.literal('function_call'),
    id: z.string(),
    status: z.enum(['in_progress', 'completed']),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
]);
type OutputItem = z.infer<typeof OutputItem>;

const Response = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.number().int(),
  status: z.enum(['in_progress', 'completed', 'incomplete', 'failed']),
  model: z.string(),
  output: z.array(OutputItem),
  store: z.literal(false),
});

type Answer = Result<'inference/chat'>;

export const responseRoute = route({
  method: 'POST',
  path: '/v1/responses',
  id: 'createResponse',
  group: 'OpenAI',
  summary: 'Answers a conversation, as the newer surface puts it. Nothing is stored.',
  body: ResponseRequest,
  answers: { 200: ['The response; with `stream`, its events.', Response, { type: 'text/event-stream' }] },
  handle: (ask) => (ask.body.stream ? stream(ask) : answer(ask)),
});

async function answer({ body, core }: Ask<ResponseRequest>) {
  const result = await core('inference/chat', chatOf(body));
  return ended(begun(body), `msg_${randomUUID()}`, bounded(body, result));
}

function begun(body: ResponseRequest) {
  return {
    id: `resp_${randomUUID()}`,
    object: 'response',
    created_at: seconds(Date.now()),
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    model: body.model,
    output: [] as OutputItem[],
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    truncation: 'disabled',
    usage: null,
    ...echoOf(body),
  };
}

/** Whoever wants one call at a time gets one. */
const bounded = ({ parallel_tool_calls: parallel }: ResponseRequest, result: Answer): Answer =>
  parallel === false ? { ...result, calls: result.calls.slice(0, 1) } : result;

function ended(response: ReturnType<typeof begun>, messageId: string, result: Answer) {
  const cut = result.stop === 'maxTokens';
  return {
    ...response,
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    model: result.model,
    output: outputOf(messageId, result),
    usage: usageOf(result.usage),
  };
}

function outputOf(id: string, { text, calls, stop }: Answer): OutputItem[] {
  const status = stop === 'maxTokens' ? 'incomplete' : 'completed';
  const said: OutputItem[] =
    text === '' && calls.length > 0 ? [] : [{ type: 'message', id, status, role: 'assistant', content: [part(text)] }];
  return [...said, ...calls.map(({ id, ...call }) => callItem(id, call))];
}

const part = (text: string): z.infer<typeof OutputText> => ({ type: 'output_text', text, annotations: [] });

const callItem = (callId: string, call: { name: string; arguments: string }): OutputItem => ({
  type: 'function_call',
  id: `fc_${callId}`,
  status: 'completed',
  call_id: callId,
  ...call,
});

const usageOf = ({ promptTokens, cachedTokens, generatedTokens }: Usage) => ({
  input_tokens: promptTokens,
  input_tokens_details: { cached_tokens: cachedTokens },
  output_tokens: generatedTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: promptTokens + generatedTokens,
});

function stream(ask: Ask<ResponseRequest>): Promise<void> {
  const { body, core } = ask;
  const params = chatOf(body);
  const response = begun(body);
  const messageId = `msg_${randomUUID()}`;
  let sequence = 0;
  let open = false;
  const tell = ({ send }: Events, type: string, fields: object) =>
    send({ type, sequence_number: sequence++, ...fields }, type);
  const at = { item_id: messageId, output_index: 0, content_index: 0 };
  const openMessage = (events: Events) => {
    open = true;
    const item = { type: 'message', id: messageId, status: 'in_progress', role: 'assistant', content: [] };
    tell(events, 'response.output_item.added', { output_index: 0, item });
    tell(events, 'response.content_part.added', { ...at, part: part('') });
  };

  return streamAnswer(ask, (onText) => core('inference/chat', params, onText), {
    begin(events) {
      tell(events, 'response.created', { response });
      tell(events, 'response.in_progress', { response });
    },
    text(events, text) {
      if (!open) openMessage(events);
      tell(events, 'response.output_text.delta', { ...at, delta: text, logprobs: [] });
    },
    end(events, result) {
      const whole = ended(response, messageId, bounded(body, result));
      whole.output.forEach((item, index) => {
        if (item.type === 'message') {
          if (!open) openMessage(events);
          tell(events, 'response.output_text.done', { ...at, text: result.text, logprobs: [] });
          tell(events, 'response.content_part.done', { ...at, part: part(result.text) });
        } else {
          const call = { item_id: item.id, output_index: index };
          const started = { ...item, status: 'in_progress', arguments: '' };
          tell(events, 'response.output_item.added', { output_index: index, item: started });
          tell(events, 'response.function_call_arguments.delta', { ...call, delta: item.arguments });
          tell(events, 'response.function_call_arguments.done', {
            ...call,
            name: item.name,
            arguments: item.arguments,
          });
        }
        tell(events, 'response.output_item.done', { output_index: index, item });
      });
      tell(events, `response.${whole.status}`, { response: whole });
    },
    fail(events, refusal) {
      const { error } = openaiError(refusal).body as { error: { message: string; code: string | null } };
      const failed = { code: error.code ?? 'server_error', message: error.message };
      tell(events, 'response.failed', { response: { ...response, status: 'failed', error: failed } });
    },
  });
}
