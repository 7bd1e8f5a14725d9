import { INTERACTIVE, OspainError } from '../../protocol/index.ts';
import type { Answer, Engine, Grammar, ModelInfo, Turn } from '../inference/engine.ts';
import type { Attempt } from '../tasks/kind.ts';

export interface ModelTurn {
  engine: Engine;
  attempt: Attempt;
  /** Counts from 1. */
  turn: number;
  system: string;
  turns: readonly Turn[];
  grammar?: Grammar;
  maxTokens: number;
  /** That the model may think before its answer; none when not given. */
  thinkingTokens?: number;
  /** The answer takes the place of the turns before it. */
  isSummary?: boolean;
  /** The answer is likely to repeat what the model was told. */
  repeats?: boolean;
}

/** One answer of the model: streamed, and whole in a `turn` event. */
export async function takeTurn(options: ModelTurn): Promise<Answer> {
  const { engine, attempt, turn, grammar } = options;
  const { task, signal } = attempt;
  const { name, contextLength } = engine.describe(task.model);
  // Thrown inside the engine's own callbacks it would be taken for a fault of the engine.
  let unwritten: unknown;
  const write = (change: () => void): void => {
    if (unwritten !== undefined) return;
    try {
      change();
    } catch (thrown) {
      unwritten = thrown;
    }
  };
  attempt.checkpoint();
  signal.throwIfAborted();
  const answer = await engine.generate({
    model: task.model,
    conversation: task.id,
    system: options.system,
    turns: options.turns,
    ...(grammar === undefined ? {} : { grammar }),
    maxTokens: options.maxTokens,
    ...(options.repeats === undefined ? {} : { repeats: options.repeats }),
    ...(options.thinkingTokens === undefined ? {} : { thinkingTokens: options.thinkingTokens }),
    temperature: 0,
    priority: task.priority === INTERACTIVE ? 'interactive' : 'background',
    signal,
    onText: (chunk) => write(() => attempt.text(turn, chunk)),
    onThinking: () =>
      write(() => {
        attempt.progress('thinking');
        attempt.emit('thinking', { turn });
      }),
    onLoading: () =>
      write(() => {
        attempt.progress(`loading ${name}`);
        attempt.emit('model', { name, state: 'loading' });
      }),
    onReady: (ms) => write(() => attempt.emit('model', { name, state: 'ready', ms })),
  });
  if (unwritten !== undefined) throw unwritten;
  signal.throwIfAborted();
  attempt.emit('turn', {
    turn,
    text: answer.text,
    stop: answer.stop,
    usage: answer.usage,
    contextLength,
    ...(options.isSummary === true ? { isSummary: true } : {}),
  });
  return answer;
}

/** Tokens that prompt and answer take of the context: thoughts are gone with the turn. */
export const tokensOf = ({ usage: { promptTokens, generatedTokens, thoughtTokens = 0 } }: Answer): number =>
  promptTokens + generatedTokens - thoughtTokens;

/** Tokens that one answer may have: room for it is kept free in the context. */
export const answerTokens = ({ profile, contextLength }: ModelInfo): number =>
  Math.min(profile === 'tiny' ? 256 : 2048, Math.floor(contextLength / 4));

/** Characters that surely fit into tokens: identifiers cost most, with hardly more than two characters a token. */
export const charactersIn = (tokens: number): number => Math.max(0, Math.floor(tokens * 2));

/** Of code, as a rule: between what one token surely holds and what it holds on average. */
const CHARACTERS = 3;

/** Tokens that a text takes about, until the engine has counted them. */
export const tokensIn = (text: string): number => Math.ceil(text.length / CHARACTERS);

/** Characters that take about a share of a model's context. */
export const shareOf = ({ contextLength }: ModelInfo, share: number): number =>
  Math.floor(contextLength * share * CHARACTERS);

/** Throws `too_large` before the model would: a text that does not fit is never cut. */
export function assertFits(text: string, info: ModelInfo, what: string): void {
  const fit = charactersIn(info.contextLength - answerTokens(info));
  if (text.length <= fit) return;
  throw new OspainError(
    'too_large',
    `${what} has ${text.length} characters; about ${fit} fit the model ${info.name}.`,
    {
      hint: 'Select the part that matters, or use a model with a longer context.',
    },
  );
}
