import type { Usage } from '../../protocol/index.ts';

/** How fast a model speaks. */
export interface Speed {
  add(usage: Usage): void;
  /** Tokens a second over the last answers; null while there is none with a second token. */
  readonly rate: number | null;
}

/** Answers that are remembered. */
const LAST = 8;

export function createSpeed(): Speed {
  const last: { tokens: number; ms: number }[] = [];
  return {
    add({ generatedTokens, firstTokenMs, durationMs }) {
      // The first token is the prompt's work.
      if (generatedTokens < 2) return;
      last.push({ tokens: generatedTokens - 1, ms: durationMs - firstTokenMs });
      if (last.length > LAST) last.shift();
    },
    get rate() {
      const tokens = last.reduce((sum, answer) => sum + answer.tokens, 0);
      const ms = last.reduce((sum, answer) => sum + answer.ms, 0);
      return ms <= 0 ? null : (tokens * 1000) / ms;
    },
  };
}
