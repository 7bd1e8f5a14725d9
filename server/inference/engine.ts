import type { Profile, Usage } from '../../protocol/index.ts';

/** What a kind must know of a model before it speaks to it. */
export interface ModelInfo {
  name: string;
  version: string;
  profile: Profile;
  /** Tokens that fit one conversation. */
  contextLength: number;
}

export interface Turn {
  role: 'user' | 'assistant';
  text: string;
}

/** A grammar that the answer must follow: GBNF text, or a JSON schema. */
export type Grammar = { gbnf: string } | { schema: object };

export interface Generation {
  /** A model's name or alias. */
  model: string;
  /** Names the conversation, so that its evaluated prefix is found again on the next turn. */
  conversation: string;
  system: string;
  /** The whole transcript, ending with a user turn; append-only from one call to the next. */
  turns: readonly Turn[];
  grammar?: Grammar;
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  seed?: number;
  signal: AbortSignal;
  onText(chunk: string): void;
  /** Called when the model has to be loaded first. */
  onLoading?(): void;
  onReady?(ms: number): void;
}

export interface Answer {
  text: string;
  stop: 'end' | 'maxTokens';
  usage: Usage;
}

/**
 * Makes tokens, somewhere else: a worker that dies rejects with `worker_failed`, a model that cannot be loaded with
 * `model_unreadable` or `model_crashed`, a transcript that does not fit with `context_full`, an abort with `signal.reason`.
 */
export interface Engine {
  describe(model: string): ModelInfo;
  generate(generation: Generation): Promise<Answer>;
}
