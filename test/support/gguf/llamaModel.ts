import { type Metadata, type Tensor, type TensorType, writeGguf } from './file.ts';
import { type VocabularyToken, vocabularyMetadata } from './vocabulary.ts';

export interface LlamaShape {
  vocabulary: readonly VocabularyToken[];
  /** Length of the hidden state; a multiple of `heads`. */
  width: number;
  layers: number;
  heads: number;
  keyHeads: number;
  /** Width of the feed-forward part. */
  inner: number;
  contextLength: number;
  ropeBase: number;
  type: TensorType;
}

export type Fill = NonNullable<Tensor['fill']>;

/** Numbers of each sort of tensor; the norms are ones. Rows are outputs, columns inputs. */
export interface LlamaWeights {
  embedding: Fill;
  output: Fill;
  query: Fill;
  key: Fill;
  value: Fill;
  attentionOutput: Fill;
  gate: Fill;
  up: Fill;
  down: Fill;
}

/** Writes a model of the Llama architecture; `metadata` replaces or adds keys, to make broken ones. */
export function writeLlama(
  path: string,
  shape: LlamaShape,
  weights: LlamaWeights,
  metadata: Readonly<Record<string, Metadata>> = {},
): void {
  const { vocabulary, width, layers, heads, keyHeads, inner } = shape;
  const keyWidth = (width / heads) * keyHeads;
  const matrix = (name: string, columns: number, rows: number, fill: Fill): Tensor => ({
    name: `${name}.weight`,
    shape: [columns, rows],
    type: shape.type,
    fill,
  });
  const norm = (name: string): Tensor => ({
    name: `${name}.weight`,
    shape: [width],
    type: 'F32',
    fill: (_, out) => out.fill(1),
  });
  const layer = (index: number): Tensor[] => [
    norm(`blk.${index}.attn_norm`),
    matrix(`blk.${index}.attn_q`, width, width, weights.query),
    matrix(`blk.${index}.attn_k`, width, keyWidth, weights.key),
    matrix(`blk.${index}.attn_v`, width, keyWidth, weights.value),
    matrix(`blk.${index}.attn_output`, width, width, weights.attentionOutput),
    norm(`blk.${index}.ffn_norm`),
    matrix(`blk.${index}.ffn_gate`, width, inner, weights.gate),
    matrix(`blk.${index}.ffn_up`, width, inner, weights.up),
    matrix(`blk.${index}.ffn_down`, inner, width, weights.down),
  ];
  writeGguf(path, { ...shapeMetadata(shape), ...vocabularyMetadata(vocabulary), ...metadata }, [
    matrix('token_embd', width, vocabulary.length, weights.embedding),
    ...Array.from({ length: layers }, (_, index) => layer(index)).flat(),
    norm('output_norm'),
    matrix('output', width, vocabulary.length, weights.output),
  ]);
}

function shapeMetadata(shape: LlamaShape): Record<string, Metadata> {
  return {
    'general.architecture': { string: 'llama' },
    'general.name': { string: 'made by a test' },
    'llama.context_length': { u32: shape.contextLength },
    'llama.embedding_length': { u32: shape.width },
    'llama.block_count': { u32: shape.layers },
    'llama.feed_forward_length': { u32: shape.inner },
    'llama.attention.head_count': { u32: shape.heads },
    'llama.attention.head_count_kv': { u32: shape.keyHeads },
    'llama.attention.layer_norm_rms_epsilon': { f32: 1e-5 },
    'llama.rope.freq_base': { f32: shape.ropeBase },
    'llama.rope.dimension_count': { u32: shape.width / shape.heads },
    'llama.vocab_size': { u32: shape.vocabulary.length },
  };
}
