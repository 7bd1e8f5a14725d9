import type { ChatWrapper, Llama as LlamaBinding, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Grammar } from '../engine.ts';
import type { Generated, GenerateParams } from '../workerProtocol.ts';
import { createAnswerText } from './answerText.ts';
import type { Llama } from './library.ts';
import { renderPrompt } from './prompt.ts';
import type { Slot } from './slots.ts';
import { readStops, type Stops } from './stops.ts';

/** Prompt tokens evaluated at a time: llama.cpp cannot be interrupted within one evaluation, so this bounds the wait. */
export const SLICE = 64;

export type Request = Omit<GenerateParams, 'id'>;

export interface Listener {
  /** Asked before each slice of the prompt and after each token. */
  isCancelled(): boolean;
  onText(text: string): void;
}

export interface Speaker {
  library: Llama;
  llama: LlamaBinding;
  model: LlamaModel;
  wrapper: ChatWrapper;
}

/** Speaks once. Rejects with `context_full`, or with `cancelled` when the listener says so. */
export async function generate(speaker: Speaker, slot: Slot, request: Request, listener: Listener): Promise<Generated> {
  const started = performance.now();
  const { library, llama, model } = speaker;
  const { sequence } = slot;
  const { prompt, stops: triggers } = renderPrompt(library, speaker, request, slot.spoken);
  assertFits(prompt.tokens.length, request.maxTokens, sequence.contextSize);
  const grammar = await readGrammar(llama, request.grammar);
  const grammarTriggers = grammar?.stopGenerationTriggers.map((trigger) => library.LlamaText(trigger)) ?? [];
  const stops = readStops(library, model, [...triggers, ...grammarTriggers]);

  slot.spoken = { prompt, answer: null };
  const cachedTokens = await prefill(sequence, prompt.tokens, listener);
  const evaluation = sequence.evaluate(prompt.tokens.slice(-1), {
    temperature: request.temperature,
    seed: request.seed,
    ...(grammar && { grammarEvaluationState: new library.LlamaGrammarEvaluationState({ model, grammar }) }),
  });
  const answer = await readAnswer(model, evaluation, stops, request.maxTokens, listener);
  slot.spoken = { prompt, answer: answer.isWhole ? answer : null };
  const ended = performance.now();
  return {
    text: answer.text,
    stop: answer.stop,
    usage: {
      promptTokens: prompt.tokens.length,
      cachedTokens,
      generatedTokens: answer.tokens.length,
      firstTokenMs: (answer.firstTokenAt ?? ended) - started,
      durationMs: ended - started,
    },
  };
}

interface ReadAnswer {
  text: string;
  tokens: Token[];
  stop: Generated['stop'];
  /** The tokens say exactly the text. */
  isWhole: boolean;
  firstTokenAt: number | null;
}

async function readAnswer(
  model: LlamaModel,
  evaluation: AsyncIterable<Token>,
  stops: Stops,
  maxTokens: number,
  listener: Listener,
): Promise<ReadAnswer> {
  const tokens: Token[] = [];
  let text = '';
  let stop: Generated['stop'] = 'end';
  let firstTokenAt: number | null = null;
  const decoder = createAnswerText(
    (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
    stops.texts,
  );
  const show = (chunk: string) => {
    if (chunk === '') return;
    text += chunk;
    listener.onText(chunk);
  };
  for await (const token of evaluation) {
    firstTokenAt ??= performance.now();
    assertGoesOn(listener);
    if (stops.tokens.has(token)) break;
    tokens.push(token);
    show(decoder.push(token));
    if (decoder.stopped) break;
    if (tokens.length >= maxTokens) {
      stop = 'maxTokens';
      break;
    }
  }
  show(decoder.finish());
  return { text, tokens, stop, isWhole: !decoder.stopped, firstTokenAt };
}

/** Evaluates all but the last token of a prompt; returns how many tokens were already evaluated. */
async function prefill(sequence: LlamaContextSequence, tokens: Token[], listener: Listener): Promise<number> {
  const end = tokens.length - 1;
  await sequence.adaptStateToTokens(tokens.slice(0, end), false);
  const kept = sequence.nextTokenIndex;
  for (let at = kept; at < end; at += SLICE) {
    assertGoesOn(listener);
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, Math.min(at + SLICE, end)));
  }
  assertGoesOn(listener);
  return kept;
}

function readGrammar(llama: LlamaBinding, grammar: Grammar | undefined) {
  if (grammar === undefined) return undefined;
  return 'gbnf' in grammar
    ? llama.createGrammar({ grammar: grammar.gbnf })
    : llama.createGrammarForJsonSchema(grammar.schema as Parameters<LlamaBinding['createGrammarForJsonSchema']>[0]);
}

function assertGoesOn(listener: Listener): void {
  if (listener.isCancelled()) throw new OspainError('cancelled', 'The generation was cancelled.');
}

/** llama.cpp would silently drop the beginning of what does not fit. */
function assertFits(promptTokens: number, maxTokens: number, contextSize: number): void {
  if (promptTokens + maxTokens <= contextSize) return;
  throw new OspainError(
    'context_full',
    `The conversation does not fit: ${promptTokens} tokens and ${maxTokens} for the answer, but the model holds ${contextSize}.`,
    { hint: 'Ask about less text at once, or use a model with a larger context.' },
  );
}
