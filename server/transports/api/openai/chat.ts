import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Result } from '../../../../protocol/index.ts';
import { type Ask, route } from '../route.ts';
import {
  answerFields,
  refuseUnsupported,
  samplingFields,
  samplingOf,
  seconds,
  UsageAnswer,
  usageOf,
} from './fields.ts';
import { FunctionCall, Message, readMessages } from './messages.ts';
import { streamAnswer } from './stream.ts';
import { FunctionFields, toolOf, wishesOf } from './tools.ts';

const tokens = z.number().int().min(1).max(1_000_000).nullish();

const ChatRequest = z.object({
  ...samplingFields,
  ...answerFields,
  messages: z.array(Message).min(1).max(10_000),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  tools: z
    .array(z.object({ type: z.literal('function'), function: FunctionFields }))
    .max(128)
    .nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('text') }),
      z.object({ type: z.literal('json_object') }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.object({ name: z.string().nullish(), schema: z.record(z.string(), z.unknown()).default({}) }),
      }),
    ])
    .nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.number().nullish(),
  functions: z.array(z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
});
type ChatRequest = z.output<typeof ChatRequest>;

const FinishReason = z.enum(['stop', 'length', 'tool_calls']);

const ChatCompletion = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.number().int(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullable(),
        refusal: z.null(),
        tool_calls: z.array(FunctionCall).optional(),
      }),
      logprobs: z.null(),
      finish_reason: FinishReason,
    }),
  ),
  usage: UsageAnswer,
});

type Answer = Result<'inference/chat'>;

export const chatRoute = route({
  method: 'POST',
  path: '/v1/chat/completions',
  id: 'createChatCompletion',
  group: 'OpenAI',
  summary: 'Answers a conversation.',
  body: ChatRequest,
  answers: { 200: ['The answer; with `stream`, its pieces as events.', ChatCompletion, { type: 'text/event-stream' }] },
  handle: (ask) => (ask.body.stream ? stream(ask) : answer(ask)),
});

async function answer({ body, core }: Ask<ChatRequest>): Promise<z.infer<typeof ChatCompletion>> {
  const result = await core('inference/chat', paramsOf(body));
  const calls = callsOf(body, result);
  return {
    ...headOf(result.model),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: calls.length > 0 && result.text === '' ? null : result.text,
          refusal: null,
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: finishOf(result, calls),
      },
    ],
    usage: usageOf(result.usage),
  };
}

function stream(ask: Ask<ChatRequest>): Promise<void> {
  const { body, core, reply } = ask;
  const params = paramsOf(body);
  const withUsage = body.stream_options?.include_usage === true;
  const head = { ...headOf(body.model), object: 'chat.completion.chunk' };
  const chunk = (delta: object, finish: z.infer<typeof FinishReason> | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  });
  return streamAnswer(ask, (onText) => core('inference/chat', params, onText), {
    begin: ({ send }) => send(chunk({ role: 'assistant', content: '' })),
    text: ({ send }, text) => send(chunk({ content: text })),
    end({ send }, result) {
      const calls = callsOf(body, result);
      if (calls.length > 0) send(chunk({ tool_calls: calls.map((call, index) => ({ index, ...call })) }));
      send(chunk({}, finishOf(result, calls)));
      if (withUsage) send({ ...head, choices: [], usage: usageOf(result.usage) });
      reply.raw.write('data: [DONE]\n\n');
    },
  });
}

const headOf = (model: string) => ({ id: `chatcmpl-${randomUUID()}`, created: seconds(Date.now()), model });

function paramsOf(body: ChatRequest) {
  refuseUnsupported({
    n: (body.n ?? 1) !== 1,
    logprobs: body.logprobs === true,
    top_logprobs: (body.top_logprobs ?? 0) !== 0,
    functions: (body.functions ?? []).length > 0,
    modalities: (body.modalities ?? []).some((modality) => modality !== 'text'),
  });
  const { tool_choice: choice, response_format: format } = body;
  return {
    ...samplingOf(body, body.max_completion_tokens ?? body.max_tokens),
    messages: readMessages(body.messages),
    ...wishesOf({
      tools: (body.tools ?? []).map(({ function: described }) => toolOf(described)),
      choice: typeof choice === 'object' && choice !== null ? { name: choice.function.name } : (choice ?? undefined),
      format: format?.type === 'json_schema' ? { type: 'json_schema', schema: format.json_schema.schema } : format,
      names: { choice: 'tool_choice', format: 'response_format' },
    }),
  };
}

const callsOf = ({ parallel_tool_calls: parallel }: ChatRequest, { calls }: Answer): z.infer<typeof FunctionCall>[] =>
  calls
    .slice(0, parallel === false ? 1 : undefined)
    .map(({ id, name, arguments: json }) => ({ id, type: 'function', function: { name, arguments: json } }));

const finishOf = ({ stop }: Answer, calls: readonly unknown[]): z.infer<typeof FinishReason> =>
  calls.length > 0 ? 'tool_calls' : stop === 'maxTokens' ? 'length' : 'stop';
