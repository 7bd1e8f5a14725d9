import type { Metadata, TensorType } from './file.ts';
import { type Fill, writeLlama } from './llamaModel.ts';
import { createRandom } from './random.ts';
import { createVocabulary, type VocabularyToken } from './vocabulary.ts';

export interface RandomModel {
  seed?: number;
  width?: number;
  layers?: number;
  heads?: number;
  keyHeads?: number;
  inner?: number;
  contextLength?: number;
  type?: TensorType;
  vocabulary?: readonly VocabularyToken[];
  metadata?: Readonly<Record<string, Metadata>>;
}

/** Measures of a model whose decoding is bound by arithmetic: about 70 million parameters, 75 MB. Q8_0 needs rows of 32. */
export const BENCH_MODEL: RandomModel = {
  width: 768,
  layers: 11,
  heads: 12,
  keyHeads: 4,
  inner: 2048,
  contextLength: 4096,
  type: 'Q8_0',
};

/** A model of random numbers: it babbles, the same on every run with temperature 0, and seldom ends by itself. */
export function writeRandomModel(path: string, options: RandomModel = {}): void {
  const {
    seed = 1,
    width = 32,
    layers = 1,
    heads = 2,
    inner = 2 * width,
    contextLength = 2048,
    type = 'F32',
  } = options;
  const next = createRandom(seed);
  // The sum of three uniform numbers is close enough to a normal one.
  const normal =
    (deviation: number): Fill =>
    (_, out) => {
      for (let i = 0; i < out.length; i++) out[i] = (next() + next() + next() - 1.5) * 2 * deviation;
    };
  const fromWidth = normal(1 / Math.sqrt(width));
  const { keyHeads = heads, vocabulary = createVocabulary() } = options;
  writeLlama(
    path,
    { vocabulary, width, layers, heads, keyHeads, inner, contextLength, ropeBase: 10_000, type },
    {
      embedding: normal(1),
      output: fromWidth,
      query: fromWidth,
      key: fromWidth,
      value: fromWidth,
      attentionOutput: fromWidth,
      gate: fromWidth,
      up: fromWidth,
      down: normal(1 / Math.sqrt(inner)),
    },
    options.metadata,
  );
}
