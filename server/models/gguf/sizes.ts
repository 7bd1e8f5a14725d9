import { MAX_LAYERS } from './limits.ts';
import type { Metadata } from './metadata.ts';

/** What decides how much memory a conversation takes. Counts of numbers, not bytes; zeros where the file does not tell. */
export interface Sizes {
  /** Attention heads; the most of any layer. */
  readonly heads: number;
  /** Heads that have keys and values of their own; the most of any layer. */
  readonly keyHeads: number;
  /** What one token of context takes in the caches of the layers that see the whole context. */
  readonly cachedPerToken: number;
  /** The same of the layers that see no further back than the window. */
  readonly windowedPerToken: number;
  /** Tokens; 0 when every layer sees the whole context. */
  readonly window: number;
  /** What one token takes while it is computed, at most; fitted to what llama.cpp reserves. */
  readonly computedPerToken: number;
}

/**
 * Every n-th layer sees the whole context and the others a window, where the file does not tell which.
 * Source: `set_swa_pattern` in the models of llama.cpp.
 */
const patterns: Readonly<Record<string, number>> = {
  afmoe: 4,
  cohere2: 4,
  'exaone-moe': 4,
  exaone4: 4,
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  'gemma-embedding': 6,
  'gpt-oss': 2,
  laguna: 4,
  llama4: 4,
  olmo2: 4,
  plamo3: 8,
  smallthinker: 4,
};

/** Architectures that see a text as a whole and keep nothing of it. Source: `create_memory` in llama-model.cpp. */
const uncached = new Set([
  'bert',
  'dream',
  'eurobert',
  'gemma-embedding',
  'jina-bert-v2',
  'jina-bert-v3',
  'llada',
  'llada-moe',
  'modern-bert',
  'neo-bert',
  'nomic-bert',
  'nomic-bert-moe',
  'rnd1',
]);

/** Source of the sizes of caches: `n_embd_k_gqa` and `n_embd_v_gqa` in llama-hparams.cpp. */
export function readSizes({ count, counts }: Metadata, architecture: string): Sizes {
  const get = (name: string) => count(`${architecture}.${name}`);
  const ofLayer = (name: string, layer: number) => counts(`${architecture}.${name}`)?.[layer] ?? get(name);
  const layers = Math.min(get('block_count') ?? 0, MAX_LAYERS);
  // The last ones may use the caches of those before.
  const cachedLayers = uncached.has(architecture) ? 0 : layers - (get('attention.shared_kv_layers') ?? 0);
  const width = get('embedding_length') ?? 0;
  const window = get('attention.sliding_window') ?? 0;
  // Layers between those of full attention keep a state of fixed size instead.
  const interval = get('full_attention_interval') ?? 1;
  const pattern = get('attention.sliding_window_pattern') ?? patterns[architecture] ?? 1;
  const isWindowed = (layer: number) => {
    const told = counts(`${architecture}.attention.sliding_window_pattern`)?.[layer];
    return window > 0 && (told === undefined ? pattern > 1 && layer % pattern < pattern - 1 : told !== 0);
  };
  const experts = (get('expert_used_count') ?? 0) * (get('expert_feed_forward_length') ?? 0);
  const sizes = { heads: 0, keyHeads: 0, cachedPerToken: 0, windowedPerToken: 0, window, computedPerToken: 0 };
  for (let layer = 0; layer < layers; layer++) {
    const heads = ofLayer('attention.head_count', layer) ?? 0;
    const keyHeads = ofLayer('attention.head_count_kv', layer) ?? heads;
    const ordinary = heads > 0 ? width / heads : 0;
    const own = isWindowed(layer) ? '_swa' : '';
    const lengthOf = (what: string) => get(`attention.${what}${own}`) ?? get(`attention.${what}`) ?? ordinary;
    const cached = keyHeads * (lengthOf('key_length') + lengthOf('value_length'));
    const inner = Math.max(ofLayer('feed_forward_length', layer) ?? 0, experts);
    const computed = 3 * width + Math.max(3.5 * inner, 2 * heads * lengthOf('key_length') + cached);
    sizes.heads = Math.max(sizes.heads, heads);
    sizes.keyHeads = Math.max(sizes.keyHeads, keyHeads);
    sizes.computedPerToken = Math.max(sizes.computedPerToken, computed);
    if (layer >= cachedLayers || (interval > 1 && (layer + 1) % interval !== 0)) continue;
    if (isWindowed(layer)) sizes.windowedPerToken += cached;
    else sizes.cachedPerToken += cached;
  }
  return sizes;
}
