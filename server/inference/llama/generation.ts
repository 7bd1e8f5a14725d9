import type { LlamaText } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Generated, GenerateParams } from '../workerProtocol.ts';
import { readAnswer } from './answer.ts';
import { assertFits, evaluate, keepPrefix } from './evaluation.ts';
import { readGrammar } from './grammar.ts';
import { readHistory } from './history.ts';
import { chat } from './libraryChat.ts';
import type { Listener } from './pace.ts';
import { cutPrompt, renderTranscript, type Spoken } from './prompt.ts';
import { expectRepeats } from './repeats.ts';
import { samplerOf } from './sampling.ts';
import { priorityOf, type Speaker, usageOf, withSlot } from './speaker.ts';
import { readStops } from './stops.ts';
import { withoutEmptyThought } from './thoughtForm.ts';
import { behind, planThinking, think } from './thoughts.ts';
import { readTools, type Tools } from './tools.ts';

export type Request = Omit<GenerateParams, 'id'>;

/**
 * Speaks once. Rejects with `context_full`, with `invalid_params` for a grammar, tools or calls that make no sense, or
 * with `cancelled` when the listener says so.
 */
export async function generate(speaker: Speaker, request: Request, listener: Listener): Promise<Generated> {
  const tools = await readTools(speaker, request);
  if (tools !== null && request.grammar !== undefined)
    throw new OspainError('invalid_params', 'Tools and a grammar do not go together.');
  const isMore = tools !== null || (speaker.thinks && request.grammar === undefined);
  return isMore ? speakInParts(speaker, tools, request, listener) : speakText(speaker, request, listener);
}

async function speakText(speaker: Speaker, request: Request, listener: Listener): Promise<Generated> {
  const started = performance.now();
  const { library, llama, model, wrapper } = speaker;
  const { text: whole, stops: triggers } = renderTranscript(library, wrapper, request);
  const mayThink = request.grammar !== undefined && (request.thinkingTokens ?? 0) > 0;
  const text = mayThink ? withoutEmptyThought(library, speaker.thoughts, whole) : whole;
  const grammar = request.grammar && (await readGrammar(llama, request.grammar));
  const grammarTriggers = grammar?.stopGenerationTriggers.map((trigger) => library.LlamaText(trigger)) ?? [];
  const stops = readStops(library, model, [...triggers, ...grammarTriggers]);
  return withSlot(speaker, wantOf(speaker, request, text), listener, async (slot, pace) => {
    const { sequence } = slot;
    const asked = cutPrompt(library, model, text, slot.spoken);
    const thinking = grammar === undefined ? null : planThinking(speaker, asked, request);
    const { prompt, begin } = thinking ?? { prompt: asked, begin: asked.tokens };
    assertFits(prompt.tokens.length, request.maxTokens, sequence.contextSize);
    slot.spoken = { prompt, answer: null };
    // What opens a thought is no part of the prompt.
    const cachedTokens = Math.min(await keepPrefix(sequence, begin), prompt.tokens.length);
    const thought = thinking && (await think(speaker, slot, thinking, { request, stops, pace, listener }));
    const rest = thinking && thought ? await behind(slot, thinking, thought) : begin.slice(cachedTokens);
    if (request.repeats === true && request.temperature === 0) expectRepeats(sequence, prompt.tokens);
    const options = {
      ...samplerOf(request),
      ...(grammar && { grammarEvaluationState: new library.LlamaGrammarEvaluationState({ model, grammar }) }),
    };
    const evaluation = evaluate(sequence, rest, options, pace);
    const answer = await readAnswer(model, evaluation, stops, request.stop ?? [], request.maxTokens, listener);
    slot.spoken = { prompt, answer: answer.isWhole ? answer : null };
    return {
      text: answer.text,
      stop: answer.stop,
      usage: usageOf(started, prompt.tokens, cachedTokens, answer, thought),
    };
  });
}

/** Text, calls and thoughts; the thoughts are counted and thrown away. */
async function speakInParts(
  speaker: Speaker,
  tools: Tools | null,
  request: Request,
  listener: Listener,
): Promise<Generated> {
  const started = performance.now();
  const { library, model, wrapper, contextSize } = speaker;
  const history = readHistory(wrapper, request);
  const { text } = renderTranscript(library, tools?.wrapper ?? wrapper, request);
  assertFits(text.tokenize(model.tokenizer).length, request.maxTokens, contextSize);
  return withSlot(speaker, wantOf(speaker, request, text), listener, async (slot, pace) => {
    slot.spoken = null;
    const { text, calls, stop, promptTokens, cachedTokens, generatedTokens, firstTokenAt } = await chat(
      speaker,
      tools,
      history,
      request,
      slot.sequence,
      pace,
      listener,
    );
    const usage = usageOf(started, { length: promptTokens }, cachedTokens, {
      tokens: { length: generatedTokens },
      firstTokenAt,
    });
    return { text, ...(calls.length > 0 && { calls }), stop, usage };
  });
}

const wantOf = ({ library, model }: Speaker, request: Request, text: LlamaText) => ({
  conversation: request.conversation,
  priority: priorityOf(request),
  tokensAfter: (spoken: Spoken | null) => cutPrompt(library, model, text, spoken).tokens,
});
