import type { GgufInfo } from './info.ts';

/** How a model is to be loaded. */
export interface Load {
  /** Tokens of one conversation. */
  contextLength: number;
  /** Conversations at a time. */
  sequences: number;
}

/** What a loaded model takes, in bytes. */
export interface MemoryNeed {
  /** The process around it, with the vocabulary. */
  readonly worker: number;
  readonly weights: number;
  /** Keys and values of all conversations. */
  readonly cache: number;
  /** What is computed with, and the results. */
  readonly buffers: number;
  readonly total: number;
}

/** node-llama-cpp's, when it is not told another: prompt tokens that are evaluated together. */
const BATCH = 512;
/** llama.cpp rounds contexts up to multiples of it. */
const PADDING = 256;
/** Keys and values have 16 bits. */
const CACHED = 2;
const FLOAT = 4;
/** Of a worker that holds a model of no size, measured. */
const WORKER = 110e6;
/** What llama.cpp and node-llama-cpp keep of one token and the merge that makes it, measured. */
const TOKEN = 1250;

/**
 * How much memory a model will really hold, not what llama.cpp reserves for it: that is more, since it has room for the
 * logits of a whole batch, of which a worker only ever asks the last row. Tells what it is to be loaded with, not whether
 * it can.
 *
 * The caches are layers × context × (`n_embd_k_gqa` + `n_embd_v_gqa`) × 2 bytes, as in `llama_kv_cache` of llama.cpp.
 */
export function estimateMemory(info: GgufInfo, { contextLength, sequences }: Load): MemoryNeed {
  const { cachedPerToken, windowedPerToken, window, computedPerToken } = info.sizes;
  const context = padded(contextLength);
  const batch = Math.min(BATCH, context * sequences);
  const windowed = Math.min(context, padded(window + batch));
  const cache = sequences * (context * cachedPerToken + windowed * windowedPerToken) * CACHED;
  // Of each token of a batch, which tokens it may see, in 16 bits; of each conversation, the probabilities of the next token.
  const buffers = batch * (context * CACHED + computedPerToken * FLOAT) + sequences * info.vocabularySize * FLOAT;
  const worker = WORKER + info.vocabularySize * TOKEN;
  const weights = info.tensorBytes;
  const total = Math.min(Number.MAX_SAFE_INTEGER, Math.ceil(worker + weights + cache + buffers));
  return { worker, weights, cache, buffers, total };
}

const padded = (tokens: number) => Math.ceil(tokens / PADDING) * PADDING;
