import type { LlamaModel, LlamaText, Token } from 'node-llama-cpp';
import type { Llama } from './library.ts';

/** What ends an answer besides the model's own end tokens. */
export interface Stops {
  tokens: ReadonlySet<Token>;
  texts: readonly string[];
}

/** Sorts stop triggers into single special tokens and plain texts; other mixtures, which no known template needs, are left out. */
export function readStops(library: Llama, model: LlamaModel, triggers: readonly LlamaText[]): Stops {
  const tokens = new Set<Token>();
  const texts = new Set<string>();
  for (const trigger of triggers) {
    const [value, ...more] = trigger.values;
    if (value === undefined || more.length > 0) continue;
    if (typeof value === 'string') texts.add(value);
    else {
      const [token, ...others] = library.LlamaText(value).tokenize(model.tokenizer);
      if (token !== undefined && others.length === 0 && model.isSpecialToken(token)) tokens.add(token);
    }
  }
  return { tokens, texts: [...texts] };
}
