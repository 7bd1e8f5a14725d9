import type { Usage } from '../../protocol/index.ts';

/** How fast a model speaks. */
export interface Speed {
  add(usage: Usage): void;
  /** Tokens a second over the last answers; null while there is none with a second token. */
  readonly rate: number | null;
  /** Tokens of prompts a second, the best of the last prompts: others waited for their turn. Null before the first of some length. */
  readonly promptRate: number | null;
}

/** Answers that are remembered. */
const LAST = 8;
/** Fewer tokens of a prompt tell little. */
const SOME = 64;

export function createSpeed(): Speed {
  const last: { tokens: number; ms: number }[] = [];
  const prompts: number[] = [];
  return {
    add({ promptTokens, cachedTokens, generatedTokens, firstTokenMs, durationMs }) {
      const evaluated = promptTokens - cachedTokens;
      if (evaluated >= SOME) prompts.push((evaluated * 1000) / Math.max(firstTokenMs, 0.001));
      if (prompts.length > LAST) prompts.shift();
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
    get promptRate() {
      return prompts.length === 0 ? null : Math.max(...prompts);
    },
  };
}
