import { NotificationType, RequestType } from 'vscode-jsonrpc/node';
import type { ToolDefinition, WireError } from '../../protocol/index.ts';
import type { Answer, Grammar, Priority, ToolChoice, Turn } from './engine.ts';

/*
 * What server and worker say to each other: JSON-RPC with Content-Length framing over the worker's standard input and
 * output. Both ends are of the same build. A worker serves one model; when its input closes, it exits.
 */

export interface LoadParams {
  /** Absolute path of a GGUF file. */
  path: string;
  /** Most tokens of one conversation; the model's own limit may be lower. */
  contextSize: number;
  /**
   * Requests that are answered at one time, and conversations whose evaluated prefix is kept. Each has a context of its
   * own: the memory for it grows with `contextSize × sequences`.
   */
  sequences: number;
  /** 0 chooses. */
  threads: number;
  /** Whether a graphics processor may compute, where there is one; it may not when not given. */
  gpu?: 'auto' | false;
  /** Absolute path of a folder with builds of llama.cpp for graphics processors, as in `useBackends`. */
  backends?: string;
  /** The model only embeds: it gets no context to speak in. */
  embedding?: boolean;
}

export interface Loaded {
  /** Tokens that fit one conversation. */
  contextLength: number;
  /** Requests that are answered at one time; one of two or more is kept for interactive ones. */
  sequences: number;
  architecture: string;
  hasChatTemplate: boolean;
  /** The model knows how to fill a gap between a prefix and a suffix. */
  canFill: boolean;
  canEmbed: boolean;
  /** Bytes of memory that model and contexts take in this process, and on the graphics processor. */
  memoryBytes: number;
  /** What computes besides the processor; null for nothing. */
  gpu: string | null;
  /** That it computes with. */
  threads: number;
  /** Milliseconds. */
  loadMs: number;
  /** What evaluates here: only a worker that says the same can go on with a state of this one. */
  build: string;
}

export interface Backend {
  /** What computes besides the processor; null for nothing. */
  gpu: string | null;
  /** Why builds of llama.cpp that are there are not used. */
  notes: readonly string[];
}

interface Asked {
  /** Names the request in `text` notifications. */
  id: number;
  maxTokens: number;
  temperature: number;
  topP?: number;
  topK?: number;
  minP?: number;
  seed: number;
  /** Texts that end the answer and are no part of it. */
  stop?: readonly string[];
  /** `background` when not given. */
  priority?: Priority;
}

export interface GenerateParams extends Asked {
  conversation: string;
  system: string;
  turns: readonly Turn[];
  grammar?: Grammar;
  /** Not together with a grammar. */
  tools?: readonly ToolDefinition[];
  /** `auto` when not given. */
  toolChoice?: ToolChoice;
  /** The answer is likely to repeat parts of the transcript; it is the same answer either way. */
  repeats?: boolean;
  /** Most tokens of thoughts before an answer that a grammar holds, besides `maxTokens`; none when not given. */
  thinkingTokens?: number;
}

export interface CompleteParams extends Asked {
  prefix: string;
  /** What follows the gap that is to be filled. */
  suffix?: string;
}

export interface EmbedParams {
  texts: readonly string[];
  /** `background` when not given. */
  priority?: Priority;
}

export interface ParkParams {
  conversation: string;
  /** Evaluated tokens from which, and up to which, its state is wanted. */
  least: number;
  most: number;
}

/** A state in the memory file. */
export interface Parked {
  /** Evaluated tokens. */
  tokens: number;
  bytes: number;
}

export type Generated = Answer;

export interface Embedded {
  /** One a text, each of length 1. */
  vectors: number[][];
  tokens: number;
}

/** Server to worker, once: load the model. Rejects with `model_unreadable` and what llama.cpp says. */
export const loadRequest = new RequestType<LoadParams, Loaded, WireError>('load');

/*
 * Server to worker, as many at one time as the server likes: those beyond `sequences` wait, interactive ones in front.
 * Cancelled like any request of JSON-RPC; what does not fit rejects with `context_full`.
 */

/** Speak. */
export const generateRequest = new RequestType<GenerateParams, Generated, WireError>('generate');

/** Go on with a text, or fill a gap; rejects with `not_taught` where the model has no tokens for a gap. */
export const completeRequest = new RequestType<CompleteParams, Generated, WireError>('complete');

/** Rejects with `not_taught` where the model cannot embed. */
export const embedRequest = new RequestType<EmbedParams, Embedded, WireError>('embed');

/*
 * The evaluated state of a conversation goes between the two in a file that is in memory only and that both have open, the
 * worker under this descriptor. Whoever asks lets nobody else use it meanwhile, and empties it.
 */
export const MEMORY_FILE = 3;

/** Write the state of a conversation that nobody speaks in to the memory file; null where there is none of that size. */
export const parkRequest = new RequestType<ParkParams, Parked | null, WireError>('park');

/** How many evaluated tokens of a conversation the worker has. */
export const heldRequest = new RequestType<{ conversation: string }, number, WireError>('held');

/**
 * Go on with the state that is in the memory file, which a worker of the same model and build wrote; llama.cpp trusts it.
 * Waits for a free slot; rejects with `wrong_state` where it does not fit.
 */
export const restoreRequest = new RequestType<{ conversation: string }, null, WireError>('restore');

/** Worker to server, while it speaks: the pieces of the answer, in order. */
export const textNotification = new NotificationType<{ id: number; text: string }>('text');

/** Worker to server, before the answer: the model begins to think, which is not shown. */
export const thinkingNotification = new NotificationType<{ id: number }>('thinking');

/** Worker to server, while it loads: llama.cpp runs, and the model is read next. */
export const backendNotification = new NotificationType<Backend>('backend');

/** Worker to server: what was asked of it goes on; said from time to time, also while there is no text. */
export const progressNotification = new NotificationType<null>('progress');
