import { randomUUID } from 'node:crypto';
import type {
  ChatHistoryItem,
  LlamaChatResponse,
  LlamaContextSequence,
  SequenceEvaluateOptions,
  Token,
} from 'node-llama-cpp';
import type { ToolCall } from '../../../protocol/index.ts';
import type { Generated } from '../workerProtocol.ts';
import { evaluate, read } from './evaluation.ts';
import type { Listener, Pace } from './pace.ts';
import { type Sampling, samplerOf } from './sampling.ts';
import type { Speaker } from './speaker.ts';
import type { Tools } from './tools.ts';

/*
 * Answers that are more than text: the library's own chat knows how each family writes calls and thoughts, and keeps
 * thoughts out of the text. It pays with the tokens of a transcript: it cuts all of it anew each time.
 */

export interface Spoken {
  text: string;
  calls: ToolCall[];
  stop: Generated['stop'];
  promptTokens: number;
  cachedTokens: number;
  /** With those of thoughts and calls. */
  generatedTokens: number;
  firstTokenAt: number | null;
}

export async function chat(
  { library, wrapper }: Speaker,
  tools: Tools | null,
  history: ChatHistoryItem[],
  request: Sampling,
  sequence: LlamaContextSequence,
  pace: Pace,
  listener: Listener,
): Promise<Spoken> {
  const metered = meter(sequence, pace);
  const session = new library.LlamaChat({
    contextSequence: metered.sequence,
    chatWrapper: tools?.wrapper ?? wrapper,
  });
  try {
    const answer = await session.generateResponse(history, {
      ...samplerOf(request),
      maxTokens: request.maxTokens,
      // The library would punish a model for repeating itself, which code does.
      repeatPenalty: false,
      ...(request.stop && { customStopTriggers: request.stop }),
      ...(tools && { functions: tools.callable, maxParallelFunctionCalls: tools.most }),
      onTextChunk: listener.onText,
    });
    const calls = (answer.functionCalls ?? []).map(({ functionName, params }) => ({
      id: `call_${randomUUID()}`,
      name: functionName,
      arguments: tools?.argumentsOf(functionName, params) ?? '{}',
    }));
    return { text: answer.response, calls, stop: stopOf(answer.metadata), ...metered.count };
  } finally {
    session.dispose({ disposeSequence: false });
  }
}

function stopOf({ stopReason }: LlamaChatResponse['metadata']): Generated['stop'] {
  if (stopReason === 'functionCalls') return 'calls';
  if (stopReason === 'customStopTrigger') return 'stop';
  return stopReason === 'maxTokens' ? 'maxTokens' : 'end';
}

/** The sequence, computing at the pace of a request, and counting. */
function meter(sequence: LlamaContextSequence, pace: Pace) {
  const count = { promptTokens: 0, cachedTokens: 0, generatedTokens: 0, firstTokenAt: null as number | null };
  const begin = (tokens: readonly Token[]) => {
    if (count.promptTokens > 0) return;
    count.cachedTokens = sequence.nextTokenIndex;
    count.promptTokens = count.cachedTokens + tokens.length;
  };
  const onToken = (token: Token) => {
    count.firstTokenAt ??= performance.now();
    if (!sequence.model.isEogToken(token)) count.generatedTokens++;
  };
  const own = {
    evaluate(tokens: readonly Token[], options: SequenceEvaluateOptions = {}) {
      begin(tokens);
      return evaluate(sequence, tokens, options, pace, onToken);
    },
    async evaluateWithoutGeneratingNewTokens(tokens: readonly Token[]) {
      begin(tokens);
      await read(sequence, tokens, pace);
    },
  };
  const metered = new Proxy(sequence, {
    get(target, name) {
      // Guesses are checked against the library's own notion of what is repeated, which is not ours.
      if (name === 'tokenPredictor') return undefined;
      const value: unknown = Reflect.get(own, name) ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { sequence: metered, count };
}
