import { NotificationType, RequestType } from 'vscode-jsonrpc/node';
import type { Usage, WireError } from '../../protocol/index.ts';
import type { Grammar, Turn } from './engine.ts';

/*
 * What server and worker say to each other: JSON-RPC with Content-Length framing over the worker's standard input and
 * output. Both ends are of the same build. A worker serves one model; when its input closes, it exits.
 */

export interface LoadParams {
  /** Absolute path of a GGUF file. */
  path: string;
  /** Most tokens of one conversation; the model's own limit may be lower. */
  contextSize: number;
  /** Conversations whose evaluated prefix is kept at a time. */
  conversations: number;
  /** 0 chooses. */
  threads: number;
}

export interface Loaded {
  /** Tokens that fit one conversation. */
  contextLength: number;
  architecture: string;
  hasChatTemplate: boolean;
  /** Milliseconds. */
  loadMs: number;
}

export interface GenerateParams {
  /** Names the request in `text` notifications. */
  id: number;
  conversation: string;
  system: string;
  turns: readonly Turn[];
  grammar?: Grammar;
  maxTokens: number;
  temperature: number;
  seed: number;
}

export interface Generated {
  text: string;
  stop: 'end' | 'maxTokens';
  usage: Usage;
}

/** Server to worker, once: load the model. Rejects with `model_unreadable` and what llama.cpp says. */
export const loadRequest = new RequestType<LoadParams, Loaded, WireError>('load');

/** Server to worker, one at a time: speak. Cancelled like any request of JSON-RPC; rejects with `context_full`. */
export const generateRequest = new RequestType<GenerateParams, Generated, WireError>('generate');

/** Worker to server, while it speaks: the pieces of the answer, in order. */
export const textNotification = new NotificationType<{ id: number; text: string }>('text');
