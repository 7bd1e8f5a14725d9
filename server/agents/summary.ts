import type { Answer, Turn } from '../inference/engine.ts';
import type { Conversation } from './conversation.ts';
import { tokensIn } from './modelTurn.ts';
import { SUMMARY_REQUEST, summaryTurn } from './prompts.ts';

/**
 * Whether the transcript leaves too little room for one more call with a result that is worth reading and the answer to
 * it. A conversation that has hardly begun is never full: what does not fit then was too much to begin with, and the
 * engine says so. Decided from what the log holds, so that a run that goes on after a crash decides the same.
 */
export function isFull({ load, turns }: Conversation, model: { contextLength: number; maxTokens: number }): boolean {
  const { contextLength, maxTokens } = model;
  return turns.length >= 5 && contextLength - load - maxTokens - maxTokens / 4 < contextLength / 8;
}

/** What the model is asked when the transcript is full: all that it was told, so that it is evaluated already, and this. */
export function summaryTurns(turns: readonly Turn[]): Turn[] {
  const last = turns.at(-1);
  if (last === undefined) throw new TypeError('a conversation begins with a turn');
  return [...turns.slice(0, -1), { ...last, text: `${last.text}\n\n${SUMMARY_REQUEST}` }];
}

/** The conversation begins again, with what was asked and the summary in the place of everything else. */
export function summarised(now: Conversation, { text }: Answer): Conversation {
  const begin = summaryTurn(now.begin, text.trim());
  return { ...now, turn: now.turn + 1, turns: [{ role: 'user', text: begin }], load: tokensIn(begin) };
}
