import type { Profile, StopReason, ToolCall, ToolDefinition, Usage } from '../../protocol/index.ts';

/** What a kind must know of a model before it speaks to it. */
export interface ModelInfo {
  name: string;
  version: string;
  profile: Profile;
  /** Tokens that fit one conversation. */
  contextLength: number;
}

/** What was said, in order. A `tool` turn answers the call of that id, which the assistant's turn before it asked for. */
export type Turn =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; calls?: readonly ToolCall[] }
  | { role: 'tool'; text: string; callId: string };

/** A grammar that the answer must follow: GBNF text, or a JSON schema. */
export type Grammar = { gbnf: string } | { schema: object };

/** An interactive request overtakes background ones at their next token; they go on where they were. */
export type Priority = 'interactive' | 'background';

/** Whether a tool may, must or must not be called; or which one must. */
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };

interface Request {
  /** A model's name or alias. */
  model: string;
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  topP?: number;
  topK?: number;
  minP?: number;
  seed?: number;
  /** Texts that end the answer and are no part of it. */
  stop?: readonly string[];
  /** `background` when not given. */
  priority?: Priority;
  signal: AbortSignal;
  onText(chunk: string): void;
  /** Called when the model has to be loaded first. */
  onLoading?(): void;
  onReady?(ms: number): void;
}

export interface Generation extends Request {
  /** Names the conversation, so that its evaluated prefix is found again on the next turn. */
  conversation: string;
  system: string;
  /** The whole transcript, ending with a user's or a tool's turn; append-only from one call to the next. */
  turns: readonly Turn[];
  grammar?: Grammar;
  /** Tools that the model may call, in the words of its own template; not together with a grammar. */
  tools?: readonly ToolDefinition[];
  toolChoice?: ToolChoice;
  /** The answer is likely to repeat parts of the transcript: they are guessed and checked several tokens at a time. */
  repeats?: boolean;
  /**
   * Most tokens that a model which thinks may think before an answer that a grammar holds, besides `maxTokens`; none when
   * not given. Thoughts are counted, and are no part of the answer.
   */
  thinkingTokens?: number;
  onThinking?(): void;
  /** Its state, kept from a worker that may have gone since. */
  parked?: ParkedState;
}

/** The evaluated beginning of a conversation, outside of a worker. */
export interface ParkedState {
  /** The model's file and the build that evaluated it; no other may go on with it. */
  identity: string;
  /** Evaluated tokens. */
  tokens: number;
  /** Writes it to the beginning of an open file; rejects where it is not whole. */
  fill(file: number): Promise<void>;
}

/** Text to go on with, or a gap to fill. */
export interface Completion extends Request {
  prefix: string;
  /** What follows the gap; throws `not_taught` when the model has no tokens for it. */
  suffix?: string;
}

export interface Answer {
  text: string;
  calls?: readonly ToolCall[];
  stop: StopReason;
  usage: Usage;
}

export interface Embedding {
  model: string;
  texts: readonly string[];
  priority?: Priority;
  signal: AbortSignal;
}

/**
 * Makes tokens, somewhere else: a worker that dies rejects with `worker_failed`, a model that cannot be loaded with
 * `model_unreadable` or `model_crashed`, a transcript that does not fit with `context_full`, an abort with `signal.reason`.
 */
export interface Engine {
  describe(model: string): ModelInfo;
  generate(generation: Generation): Promise<Answer>;
}

/** An engine as programs use it that bring their own text. Rejects as an engine does. */
export interface TextEngine extends Engine {
  complete(completion: Completion): Promise<Answer>;
  /** One vector of length 1 a text, and how many tokens the texts have. */
  embed(embedding: Embedding): Promise<{ vectors: number[][]; tokens: number }>;
}
