import type { Header, Metadata, Tensor } from '../../../support/gguf/file.ts';
import { createVocabulary, vocabularyMetadata } from '../../../support/gguf/vocabulary.ts';
import { architecture } from './gguf.ts';

const word = (index: number) => ({ text: `word${index}`, kind: 'normal' as const });

const shape: Record<string, Metadata> = {
  ...architecture,
  'general.name': { string: 'a model' },
  'general.license': { string: 'apache-2.0' },
  'general.file_type': { u32: 15 },
  'llama.block_count': { u32: 4 },
  'llama.context_length': { u64: 4096n },
  'llama.embedding_length': { u32: 256 },
  'llama.feed_forward_length': { i32s: [512, 512, 512, 512] },
  'llama.attention.head_count': { u32: 8 },
  'llama.attention.head_count_kv': { i32s: [2, 2, 0, 2] },
  'llama.attention.sliding_window': { u32: 1024 },
  'llama.attention.sliding_window_pattern': { bools: [true, true, true, false] },
};

const oddities: Record<string, Metadata> = {
  'odd.u8': { u8: 1 },
  'odd.u16': { u16: 2 },
  'odd.i64': { i64: -3n },
  'odd.f32': { f32: 0.5 },
  'odd.f64': { f64: 0.25 },
  'odd.bool': { bool: true },
  'odd.strings': { strings: ['', 'a', 'ä'.repeat(100)] },
  'odd.nested': { nested: [[1, 2], [], [3]] },
  'general.alignment': { u32: 64 },
};

const tensors: Tensor[] = ['F32', 'F16', 'Q8_0', 'Q4_K', 'Q6_K'].flatMap((type, i) =>
  Array.from({ length: 3 }, (_, j) => ({
    name: `blk.${j}.${type}`,
    shape: [256, i + 1, ...(j === 0 ? [] : [2])],
    type: type as Tensor['type'],
  })),
);

const fim = ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'].map((text) => ({ text, kind: 'control' as const }));

/** Good headers of different sorts. The last one has more tokens than the reader holds in memory at a time. */
export const goodHeaders: readonly Header[] = [
  { metadata: architecture, tensors: [] },
  { metadata: { ...shape, ...vocabularyMetadata([...createVocabulary(), ...fim]) }, tensors },
  { metadata: { ...oddities, ...shape }, tensors, alignment: 64 },
  { metadata: { ...shape, ...vocabularyMetadata(createVocabulary()) }, tensors, version: 2 },
  {
    metadata: {
      'split.no': { u16: 0 },
      'split.count': { u16: 2 },
      'split.tensors.count': { i32: tensors.length },
      ...shape,
    },
    tensors,
  },
  {
    metadata: {
      ...shape,
      ...vocabularyMetadata([...createVocabulary(Array.from({ length: 20_000 }, (_, i) => word(i))), ...fim]),
    },
    tensors,
  },
];
