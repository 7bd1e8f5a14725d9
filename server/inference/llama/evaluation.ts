import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Pace } from './pace.ts';

/** Prompt tokens evaluated at a time: llama.cpp cannot be interrupted within one evaluation, so this bounds the wait. */
export const SLICE = 64;

/** Evaluates all but the last token of a prompt; returns how many tokens were already evaluated. */
export async function prefill(sequence: LlamaContextSequence, tokens: readonly Token[], pace: Pace): Promise<number> {
  const end = tokens.length - 1;
  await sequence.adaptStateToTokens(tokens.slice(0, end), false);
  const kept = sequence.nextTokenIndex;
  for (let at = kept; at < end; at += SLICE)
    await pace.slice(() => sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, Math.min(at + SLICE, end))));
  return kept;
}

/** The tokens that follow an evaluated prompt and its last token. */
export async function* speak(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: SequenceEvaluateOptions,
  pace: Pace,
): AsyncGenerator<Token, void> {
  const evaluation = sequence.evaluate(tokens.slice(-1), options);
  try {
    while (true) {
      await pace.goOn();
      const { value, done } = await evaluation.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await evaluation.return();
  }
}

/** llama.cpp would silently drop the beginning of what does not fit. */
export function assertFits(promptTokens: number, maxTokens: number, contextSize: number): void {
  if (promptTokens + maxTokens <= contextSize) return;
  throw new OspainError(
    'context_full',
    `The conversation does not fit: ${promptTokens} tokens and ${maxTokens} for the answer, but the model holds ${contextSize}.`,
    { hint: 'Ask about less text at once, or use a model with a larger context.' },
  );
}
