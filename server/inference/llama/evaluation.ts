import type { LlamaContextSequence, SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';
import type { Pace } from './pace.ts';

/** Prompt tokens evaluated at a time: llama.cpp cannot be interrupted within one evaluation, so this bounds the wait. */
export const SLICE = 64;

/** Makes a sequence hold the beginning of a prompt that it already evaluated; returns how many tokens that are. */
export async function keepPrefix(sequence: LlamaContextSequence, prompt: readonly Token[]): Promise<number> {
  // The last token is evaluated again: what follows it is known only then.
  await sequence.adaptStateToTokens(prompt.slice(0, -1), false);
  return sequence.nextTokenIndex;
}

/** Evaluates tokens, and yields those that follow. A token that it is told instead of its own takes its place. */
export async function* evaluate(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  options: SequenceEvaluateOptions,
  pace: Pace,
  onToken: (token: Token) => void = () => {},
): AsyncGenerator<Token, void, Token | Token[] | undefined> {
  // The last slice is evaluated together with what follows it: every evaluation reads all of the model.
  const rest = Math.floor((tokens.length - 1) / SLICE) * SLICE;
  await read(sequence, tokens.slice(0, rest), pace);
  const evaluation = sequence.evaluate(tokens.slice(rest), options);
  let instead: Token | Token[] | undefined;
  let isPrompt = true;
  try {
    while (true) {
      if (!isPrompt) await pace.goOn();
      const { value, done } = await (isPrompt ? pace.slice(() => evaluation.next()) : evaluation.next(instead));
      if (done === true) return;
      isPrompt = false;
      onToken(value);
      instead = yield value;
    }
  } finally {
    await evaluation.return();
  }
}

/** Evaluates tokens that nobody wants to know the next one of. */
export async function read(sequence: LlamaContextSequence, tokens: readonly Token[], pace: Pace): Promise<void> {
  for (let at = 0; at < tokens.length; at += SLICE)
    await pace.slice(() => sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(at, at + SLICE)));
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
