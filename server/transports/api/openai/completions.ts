import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Result } from '../../../../protocol/index.ts';
import { Refusal } from '../refusal.ts';
import { type Ask, route } from '../route.ts';
import {
  answerFields,
  given,
  refuseUnsupported,
  samplingFields,
  samplingOf,
  seconds,
  UsageAnswer,
  usageOf,
} from './fields.ts';
import { streamAnswer } from './stream.ts';

const CompletionRequest = z.object({
  ...samplingFields,
  ...answerFields,
  prompt: z.union([z.string(), z.array(z.unknown())]),
  suffix: z.string().nullish(),
  /** Theirs too is so small. */
  max_tokens: z.number().int().min(1).max(1_000_000).nullish(),
  echo: z.boolean().nullish(),
  best_of: z.number().int().nullish(),
  logprobs: z.number().nullish(),
});
type CompletionRequest = z.output<typeof CompletionRequest>;

const DEFAULT_TOKENS = 16;

const Completion = z.object({
  id: z.string(),
  object: z.literal('text_completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z.array(
    z.object({
      text: z.string(),
      index: z.number().int(),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length']).nullable(),
    }),
  ),
  usage: UsageAnswer.nullish(),
});

export const completionRoute = route({
  method: 'POST',
  path: '/v1/completions',
  id: 'createCompletion',
  group: 'OpenAI',
  summary: 'Goes on with a text; with `suffix`, fills the gap before it.',
  body: CompletionRequest,
  answers: { 200: ['The text; with `stream`, its pieces as events.', Completion, { type: 'text/event-stream' }] },
  handle: (ask) => (ask.body.stream ? stream(ask) : answer(ask)),
});

async function answer({ body, core }: Ask<CompletionRequest>): Promise<z.infer<typeof Completion>> {
  const result = await core('inference/complete', paramsOf(body));
  return { ...headOf(result.model), choices: [choice(result.text, finishOf(result))], usage: usageOf(result.usage) };
}

function stream(ask: Ask<CompletionRequest>): Promise<void> {
  const { body, core, reply } = ask;
  const params = paramsOf(body);
  const withUsage = body.stream_options?.include_usage === true;
  const head = headOf(body.model);
  const chunk = (...of: Parameters<typeof choice>): z.infer<typeof Completion> => ({
    ...head,
    choices: [choice(...of)],
    ...(withUsage && { usage: null }),
  });
  return streamAnswer(ask, (onText) => core('inference/complete', params, onText), {
    text: ({ send }, text) => send(chunk(text, null)),
    end({ send }, result) {
      send(chunk('', finishOf(result)));
      if (withUsage) send({ ...head, choices: [], usage: usageOf(result.usage) });
      reply.raw.write('data: [DONE]\n\n');
    },
  });
}

const headOf = (model: string) => ({
  id: `cmpl-${randomUUID()}`,
  object: 'text_completion' as const,
  created: seconds(Date.now()),
  model,
});

const choice = (text: string, finish: 'stop' | 'length' | null) => ({
  text,
  index: 0,
  logprobs: null,
  finish_reason: finish,
});

const finishOf = ({ stop }: Result<'inference/complete'>) => (stop === 'maxTokens' ? 'length' : 'stop');

function paramsOf(body: CompletionRequest) {
  refuseUnsupported({
    n: (body.n ?? 1) !== 1,
    best_of: (body.best_of ?? 1) !== 1,
    echo: body.echo === true,
    logprobs: (body.logprobs ?? 0) !== 0,
  });
  return {
    ...samplingOf(body, body.max_tokens ?? DEFAULT_TOKENS),
    prompt: promptOf(body.prompt),
    ...given({ suffix: body.suffix }),
  };
}

function promptOf(prompt: string | unknown[]): string {
  if (typeof prompt === 'string') return prompt;
  const [only] = prompt;
  if (prompt.length === 1 && typeof only === 'string') return only;
  throw new Refusal(
    'invalid_params',
    'The prompt must be one text; lists of tokens and of several texts are refused.',
    {
      param: 'prompt',
    },
  );
}
