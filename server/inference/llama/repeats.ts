import type { InputLookupTokenPredictor, LlamaContextSequence, Token } from 'node-llama-cpp';
import type { Llama } from './library.ts';

/*
 * Where an answer repeats what the transcript holds, as edits do, the tokens that followed there are guessed, and checked
 * several in one evaluation. A guess never changes what is said: one that the model would not have said is thrown away.
 */

/** As many tokens must agree before one is guessed: less guesses at every blank. */
const AGREEING = 3;
/** Tokens guessed at once. */
const GUESSES = 8;

export const createGuesses = (library: Llama): InputLookupTokenPredictor =>
  new library.InputLookupTokenPredictor({ patternLength: { min: AGREEING }, predictionLength: { max: GUESSES } });

/** Guesses from these tokens during the next evaluation; from none, not at all. */
export function expectRepeats({ tokenPredictor }: LlamaContextSequence, tokens: readonly Token[]): void {
  tokenPredictor?.updateInputTokens?.([...tokens]);
}
