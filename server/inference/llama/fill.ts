import type { LlamaModel, Token } from 'node-llama-cpp';
import { OspainError } from '../../../protocol/index.ts';

/** What of a model says how it completes. */
export type FillModel = Pick<LlamaModel, 'tokenize'> & {
  tokens: Pick<LlamaModel['tokens'], 'bos' | 'shouldPrependBosToken'> & {
    infill: Pick<LlamaModel['tokens']['infill'], 'prefix' | 'suffix' | 'middle'>;
  };
};

export const canFill = ({ tokens: { infill } }: FillModel): boolean => infill.prefix !== null && infill.suffix !== null;

/** The prompt that asks for what follows `prefix`, up to `suffix` where there is one. Never empty. */
export function completionTokens(model: FillModel, prefix: string, suffix: string | undefined): Token[] {
  const { bos, shouldPrependBosToken, infill } = model.tokens;
  const begin = bos !== null && shouldPrependBosToken ? [bos] : [];
  const cut = (text: string) => model.tokenize(text, false, 'trimLeadingSpace');
  if (suffix === undefined) {
    const tokens = [...begin, ...cut(prefix)];
    if (tokens.length > 0) return tokens;
    if (bos !== null) return [bos];
    throw new OspainError('invalid_params', 'There is no text to go on with.');
  }
  const { prefix: before, suffix: after, middle } = infill;
  if (before === null || after === null)
    throw new OspainError('not_taught', 'This model does not know how to fill a gap.', {
      hint: 'Use a model that was made to complete code.',
    });
  // Families without a token for the middle read the suffix first, so that the prefix ends where the answer begins.
  return middle === null
    ? [...begin, after, ...cut(suffix), before, ...cut(prefix)]
    : [...begin, before, ...cut(prefix), after, ...cut(suffix), middle];
}

/** A model that begins another gap has filled this one. */
export function fillTokens({ tokens: { infill } }: FillModel): Set<Token> {
  return new Set([infill.prefix, infill.suffix, infill.middle].filter((token) => token !== null));
}
