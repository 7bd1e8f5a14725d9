import { MAX_LAYERS } from './limits.ts';
import type { Metadata } from './metadata.ts';

/** What decides the size of the caches of keys and values. Zeros where the architecture has no attention. */
export interface Attention {
  /** The most of any layer. */
  readonly heads: number;
  /** The most of any layer. */
  readonly keyHeads: number;
  /** Numbers that one token of context takes in the caches of the layers that see the whole context. */
  readonly cachedPerToken: number;
  /** The same of the layers that see no further back than the window. */
  readonly windowedPerToken: number;
  /** Tokens; 0 when every layer sees the whole context. */
  readonly window: number;
}

/**
 * Every n-th layer sees the whole context and the others a window, where the file does not tell which.
 * Source: `set_swa_pattern` in the models of llama.cpp.
 */
const patterns: Readonly<Record<string, number>> = {
  afmoe: 4,
  cohere2: 4,
  exaone4: 4,
  gemma2: 2,
  gemma3: 6,
  gemma3n: 5,
  'gemma-embedding': 6,
  'gpt-oss': 2,
  llama4: 4,
  olmo2: 4,
  plamo3: 8,
};

/** Source of the sizes: `n_embd_k_gqa` and `n_embd_v_gqa` in llama-hparams.cpp. */
export function readAttention({ number, numbers }: Metadata, architecture: string): Attention {
  const key = (name: string) => `${architecture}.attention.${name}`;
  const ofLayer = (name: string, layer: number) => numbers(key(name))?.[layer] ?? number(key(name));
  const layers = Math.min(number(`${architecture}.block_count`) ?? 0, MAX_LAYERS);
  const width = number(`${architecture}.embedding_length`) ?? 0;
  const window = Math.max(0, number(key('sliding_window')) ?? 0);
  // Layers between those of full attention keep a state of fixed size instead.
  const interval = number(`${architecture}.full_attention_interval`) ?? 1;
  const pattern = number(key('sliding_window_pattern')) ?? patterns[architecture] ?? 1;
  const isWindowed = (layer: number) => {
    const told = numbers(key('sliding_window_pattern'))?.[layer];
    return window > 0 && (told === undefined ? pattern > 1 && layer % pattern < pattern - 1 : told !== 0);
  };
  const sum = { heads: 0, keyHeads: 0, cachedPerToken: 0, windowedPerToken: 0, window };
  for (let layer = 0; layer < layers; layer++) {
    const heads = ofLayer('head_count', layer) ?? 0;
    const keyHeads = ofLayer('head_count_kv', layer) ?? heads;
    const ordinary = heads > 0 ? width / heads : 0;
    const cached = keyHeads * ((number(key('key_length')) ?? ordinary) + (number(key('value_length')) ?? ordinary));
    sum.heads = Math.max(sum.heads, heads);
    sum.keyHeads = Math.max(sum.keyHeads, keyHeads);
    if (interval > 1 && (layer + 1) % interval !== 0) continue;
    if (isWindowed(layer)) sum.windowedPerToken += cached;
    else sum.cachedPerToken += cached;
  }
  return sum;
}
