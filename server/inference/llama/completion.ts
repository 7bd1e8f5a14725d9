import type { CompleteParams, Generated } from '../workerProtocol.ts';
import { readAnswer } from './answer.ts';
import { assertFits, evaluate, keepPrefix } from './evaluation.ts';
import { completionTokens, fillTokens } from './fill.ts';
import type { Listener } from './pace.ts';
import { samplerOf } from './sampling.ts';
import { priorityOf, type Speaker, usageOf, withSlot } from './speaker.ts';

export type CompletionRequest = Omit<CompleteParams, 'id'>;

/** Goes on with a text, or fills a gap. Rejects with `not_taught`, `context_full`, or `cancelled` when the listener says so. */
export async function complete(speaker: Speaker, request: CompletionRequest, listener: Listener): Promise<Generated> {
  const started = performance.now();
  const { model } = speaker;
  const { maxTokens, stop = [] } = request;
  const tokens = completionTokens(model, request.prefix, request.suffix);
  assertFits(tokens.length, maxTokens, speaker.contextSize);
  const want = { conversation: null, priority: priorityOf(request), tokensAfter: () => tokens };
  return withSlot(speaker, want, listener, async (slot, pace) => {
    const { sequence } = slot;
    slot.spoken = null;
    const cachedTokens = await keepPrefix(sequence, tokens);
    const spoken = evaluate(sequence, tokens.slice(cachedTokens), samplerOf(request), pace);
    const stops = { tokens: fillTokens(model), texts: [] };
    const answer = await readAnswer(model, spoken, stops, stop, maxTokens, listener);
    return { text: answer.text, stop: answer.stop, usage: usageOf(started, tokens, cachedTokens, answer) };
  });
}
