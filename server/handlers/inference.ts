import { randomUUID } from 'node:crypto';
import { type ChatMessage, OspainError, type Params, type ParsedParams, type Result } from '../../protocol/index.ts';
import type { Call, Handlers } from '../dispatch.ts';
import type { Answer, TextEngine, Turn } from '../inference/engine.ts';

type InferenceHandlers = Pick<Handlers, 'inference/chat' | 'inference/complete' | 'inference/embed'>;

/** An answer whose length nobody limits ends with the context, and at the latest here. Tokens. */
const LONGEST = 4096;

export function createInferenceHandlers({ engine }: { engine: TextEngine }): InferenceHandlers {
  return {
    'inference/chat': async (params, call) => {
      const { messages, tools, toolChoice, schema } = params;
      const { name, contextLength } = engine.describe(params.model);
      const { system, turns } = readMessages(messages);
      const answer = await engine.generate({
        ...requestOf(params, call, Math.min(LONGEST, contextLength >> 1)),
        // Whoever sends a transcript again finds its evaluated beginning by its text, not by this name.
        conversation: randomUUID(),
        system,
        turns,
        ...(schema && { grammar: { schema } }),
        ...(tools && tools.length > 0 && { tools }),
        ...(toolChoice && { toolChoice }),
      });
      return { ...resultOf(name, answer), calls: [...(answer.calls ?? [])] };
    },
    'inference/complete': async (params, call) => {
      const { name, contextLength } = engine.describe(params.model);
      const answer = await engine.complete({
        ...requestOf(params, call, Math.min(LONGEST, contextLength >> 1)),
        prefix: params.prompt,
        ...(params.suffix !== undefined && { suffix: params.suffix }),
      });
      return resultOf(name, answer);
    },
    'inference/embed': async ({ model, texts }, { signal }) => {
      const { vectors, tokens } = await engine.embed({ model, texts, priority: 'interactive', signal });
      return { model: engine.describe(model).name, vectors, tokens };
    },
  };
}

type Sampling = Omit<ParsedParams<'inference/complete'>, 'prompt' | 'suffix'>;

function requestOf(params: Sampling, { signal, notify }: Call, longest: number) {
  const { requestId = null, model, maxTokens = longest, temperature, topP, topK, minP, seed, stop } = params;
  return {
    model,
    maxTokens,
    temperature,
    ...(topP !== undefined && { topP }),
    ...(topK !== undefined && { topK }),
    ...(minP !== undefined && { minP }),
    ...(seed !== undefined && { seed }),
    ...(stop !== undefined && { stop }),
    priority: 'interactive' as const,
    signal,
    onText: (text: string) => notify({ method: 'inference/didText', params: { requestId, text } }),
  };
}

const resultOf = (model: string, { text, stop, usage }: Answer): Result<'inference/complete'> => ({
  model,
  text,
  stop,
  usage,
});

/** Templates know one system text, at the beginning; the others would be refused or forgotten by most. */
function readMessages(messages: Params<'inference/chat'>['messages']): { system: string; turns: Turn[] } {
  const said = messages.filter(({ role }) => role !== 'system');
  const last = said.at(-1);
  if (last === undefined || last.role === 'assistant')
    throw new OspainError('invalid_params', 'The last message must be of a user or a tool.');
  const system = messages.filter(({ role }) => role === 'system').map(({ text }) => text);
  return { system: system.join('\n\n'), turns: said.map(turnOf) };
}

function turnOf({ role, text, calls, callId }: ChatMessage): Turn {
  if (role === 'assistant') return { role, text, ...(calls && { calls }) };
  if (role !== 'tool') return { role: 'user', text };
  if (callId === undefined)
    throw new OspainError('invalid_params', 'A message of a tool does not say which call it answers.');
  return { role, text, callId };
}
