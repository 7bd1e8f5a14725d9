import type { Llama as LlamaBinding } from 'node-llama-cpp';
import type { Grammar } from '../engine.ts';
import type { Generated, GenerateParams } from '../workerProtocol.ts';
import { readAnswer } from './answer.ts';
import { assertFits, prefill, speak } from './evaluation.ts';
import type { Listener } from './pace.ts';
import { cutPrompt, renderTranscript } from './prompt.ts';
import { samplerOf } from './sampling.ts';
import { priorityOf, type Speaker, usageOf, withSlot } from './speaker.ts';
import { readStops } from './stops.ts';

export type Request = Omit<GenerateParams, 'id'>;

/** Speaks once. Rejects with `context_full`, or with `cancelled` when the listener says so. */
export async function generate(speaker: Speaker, request: Request, listener: Listener): Promise<Generated> {
  const started = performance.now();
  const { library, llama, model, wrapper } = speaker;
  const { text, stops: triggers } = renderTranscript(library, wrapper, request);
  const grammar = await readGrammar(llama, request.grammar);
  const grammarTriggers = grammar?.stopGenerationTriggers.map((trigger) => library.LlamaText(trigger)) ?? [];
  const stops = readStops(library, model, [...triggers, ...grammarTriggers]);
  const want = {
    conversation: request.conversation,
    priority: priorityOf(request),
    tokensAfter: (spoken: Parameters<typeof cutPrompt>[3]) => cutPrompt(library, model, text, spoken).tokens,
  };
  return withSlot(speaker, want, listener, async (slot, pace) => {
    const { sequence } = slot;
    const prompt = cutPrompt(library, model, text, slot.spoken);
    assertFits(prompt.tokens.length, request.maxTokens, sequence.contextSize);
    slot.spoken = { prompt, answer: null };
    const cachedTokens = await prefill(sequence, prompt.tokens, pace);
    const options = {
      ...samplerOf(request),
      ...(grammar && { grammarEvaluationState: new library.LlamaGrammarEvaluationState({ model, grammar }) }),
    };
    const spoken = speak(sequence, prompt.tokens, options, pace);
    const answer = await readAnswer(model, spoken, stops, request.stop ?? [], request.maxTokens, listener);
    slot.spoken = { prompt, answer: answer.isWhole ? answer : null };
    return { text: answer.text, stop: answer.stop, usage: usageOf(started, prompt.tokens, cachedTokens, answer) };
  });
}

function readGrammar(llama: LlamaBinding, grammar: Grammar | undefined) {
  if (grammar === undefined) return undefined;
  return 'gbnf' in grammar
    ? llama.createGrammar({ grammar: grammar.gbnf })
    : llama.createGrammarForJsonSchema(grammar.schema as Parameters<LlamaBinding['createGrammarForJsonSchema']>[0]);
}
