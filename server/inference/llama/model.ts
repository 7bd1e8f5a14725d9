import { availableParallelism } from 'node:os';
import type { ChatWrapper, Llama as LlamaBinding, LlamaContextSequence, LlamaModel } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Grammar } from '../engine.ts';
import type { Generated, GenerateParams, Loaded, LoadParams } from '../workerProtocol.ts';
import { createAnswerText } from './answerText.ts';
import { createErrorTail } from './errorTail.ts';
import type { Llama } from './library.ts';
import { renderPrompt, type Spoken } from './prompt.ts';
import { readStops } from './stops.ts';

/** Prompt tokens evaluated at a time: llama.cpp cannot be interrupted within one evaluation, so this bounds the wait. */
export const SLICE = 64;

export interface Listener {
  /** Asked before each slice of the prompt and after each token. */
  isCancelled(): boolean;
  onText(text: string): void;
}

/** A loaded model that speaks; one generation at a time. */
export interface SpeakingModel {
  readonly loaded: Loaded;
  /** Rejects with `context_full`, or with `cancelled` when the listener says so. */
  generate(params: Omit<GenerateParams, 'id'>, listener: Listener): Promise<Generated>;
}

/** One conversation whose evaluated prefix is kept. */
interface Slot {
  sequence: LlamaContextSequence;
  conversation: string | null;
  spoken: Spoken | null;
}

/**
 * Loads a GGUF file. Rejects with `model_unreadable` and llama.cpp's own words, or with `unavailable` where llama.cpp
 * itself does not start. A broken file may also abort the process: only ever call this in a process of its own.
 */
export async function loadModel(params: LoadParams, log: (line: string) => void): Promise<SpeakingModel> {
  const started = performance.now();
  const library = await import('node-llama-cpp');
  const errors = createErrorTail();
  const llama = await startLlama(library, (level, line) => {
    if (level === 'error' || level === 'fatal') errors.add(line);
    log(line);
  });
  llama.maxThreads = params.threads === 0 ? chooseThreads(llama.cpuMathCores) : params.threads;
  try {
    const model = await llama.loadModel({ modelPath: params.path });
    const context = await model.createContext({
      contextSize: Math.max(MIN_CONTEXT, Math.min(params.contextSize, model.trainContextSize)),
      sequences: params.conversations,
      threads: llama.maxThreads,
    });
    // Reading a template takes up to half a second, so it is done once for all conversations.
    const wrapper = library.resolveChatWrapper(model, { warningLogs: false });
    const slots = Array.from(
      { length: params.conversations },
      (): Slot => ({ sequence: context.getSequence(), conversation: null, spoken: null }),
    );
    return {
      loaded: {
        contextLength: context.contextSize,
        architecture: String(model.architecture),
        hasChatTemplate: model.fileInfo.metadata.tokenizer?.chat_template !== undefined,
        loadMs: performance.now() - started,
      },
      generate: (request, listener) =>
        generate({ library, llama, model, wrapper }, takeSlot(slots, request.conversation), request, listener),
    };
  } catch (cause) {
    throw new OspainError(
      'model_unreadable',
      errors.text() || (cause instanceof Error ? cause.message : String(cause)),
      {
        cause,
      },
    );
  }
}

const MIN_CONTEXT = 256;

async function startLlama(library: Llama, logger: (level: string, line: string) => void): Promise<LlamaBinding> {
  try {
    return await library.getLlama({
      gpu: false,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: library.LlamaLogLevel.warn,
      logger,
      maxThreads: 1,
    });
  } catch (cause) {
    throw new OspainError('unavailable', 'llama.cpp does not start on this machine.', {
      hint: 'Check that the extension was installed for this platform.',
      cause,
    });
  }
}

/** One core stays free: with all of them taken, a single other busy process makes decoding many times slower. */
const chooseThreads = (mathCores: number) => Math.max(1, Math.min(mathCores, availableParallelism(), 17) - 1);

/** The conversation's slot, else the one that was used longest ago. */
function takeSlot(slots: Slot[], conversation: string): Slot {
  const known = slots.findIndex((slot) => slot.conversation === conversation);
  const [slot] = slots.splice(Math.max(known, 0), 1);
  if (slot === undefined) throw new Error('a model needs at least one conversation');
  slots.push(slot);
  if (known < 0) Object.assign(slot, { conversation, spoken: null });
  return slot;
}

interface Speaker {
  library: Llama;
  llama: LlamaBinding;
  model: LlamaModel;
  wrapper: ChatWrapper;
}

async function generate(
  speaker: Speaker,
  slot: Slot,
  request: Omit<GenerateParams, 'id'>,
  listener: Listener,
): Promise<Generated> {
  const started = performance.now();
  const { library, model } = speaker;
  const { sequence } = slot;
  const { prompt, stops: triggers } = renderPrompt(library, speaker, request, slot.spoken);
  assertFits(prompt.tokens.length, request.maxTokens, sequence.contextSize);
  const grammar = await readGrammar(speaker.llama, request.grammar);
  const stops = readStops(library, model, [
    ...triggers,
    ...(grammar?.stopGenerationTriggers ?? []).map((t) => library.LlamaText(t)),
  ]);
  slot.spoken = { prompt, answer: null };
  const cachedTokens = await prefill(sequence, prompt.tokens, listener);

  const answer = createAnswerText(
    (tokens, before) => model.detokenize(tokens as typeof prompt.tokens, false, before as typeof prompt.tokens),
    stops.texts,
  );
  const tokens: typeof prompt.tokens = [];
  let text = '';
  let stop: Generated['stop'] = 'end';
  let firstTokenMs: number | null = null;
  const show = (chunk: string) => {
    if (chunk === '') return;
    text += chunk;
    listener.onText(chunk);
  };
  const evaluation = sequence.evaluate(prompt.tokens.slice(-1), {
    temperature: request.temperature,
    seed: request.seed,
    ...(grammar && { grammarEvaluationState: new library.LlamaGrammarEvaluationState({ model, grammar }) }),
  });
  for await (const token of evaluation) {
    firstTokenMs ??= performance.now() - started;
    assertGoesOn(listener);
    if (stops.tokens.has(token)) break;
    tokens.push(token);
    show(answer.push(token));
    if (answer.stopped) break;
    if (tokens.length >= request.maxTokens) {
      stop = 'maxTokens';
      break;
    }
  }
  show(answer.finish());
  // After a stop text the tokens say more than the answer, so they are not kept.
  if (!answer.stopped) slot.spoken = { prompt, answer: { text, tokens } };
  const durationMs = performance.now() - started;
  return {
    text,
    stop,
    usage: {
      promptTokens: prompt.tokens.length,
      cachedTokens,
      generatedTokens: tokens.length,
      firstTokenMs: firstTokenMs ?? durationMs,
      durationMs,
    },
  };
}

/** Evaluates all but the last token of a prompt; returns how many tokens were already evaluated. */
async function prefill(
  sequence: LlamaContextSequence,
  tokens: Parameters<LlamaContextSequence['adaptStateToTokens']>[0],
  listener: Listener,
): Promise<number> {
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
