import { CHAT_TEMPLATE, type Metadata } from './metadata.ts';
import { readSizes, type Sizes } from './sizes.ts';
import type { Tensors } from './tensors.ts';
import { type FimTokens, readFimTokens, readSpecialTokens, type SpecialTokens } from './tokens.ts';
import { fileTypeName, type Pooling, poolingName } from './types.ts';

/** What a GGUF file says of its model; null where it does not tell. */
export interface GgufInfo {
  /** Of the format. */
  readonly version: number;
  /** As llama.cpp calls it, such as `qwen2`. */
  readonly architecture: string;
  /** What the file is: `model`, or something that is none by itself, such as `adapter` or `mmproj`. */
  readonly type: string;
  readonly name: string | null;
  /** Tokens that it was made for. */
  readonly contextLength: number | null;
  readonly embeddingLength: number | null;
  readonly layers: number | null;
  readonly sizes: Sizes;
  /** Tokens; 0 without a vocabulary. */
  readonly vocabularySize: number;
  /** Numbers in all tensors. */
  readonly parameters: number;
  /** Such as Q4_K_M; of a file that does not say, the type that most bytes have. */
  readonly quantization: string;
  /** What the tensors take of the file, or of the files of a split model. */
  readonly tensorBytes: number;
  readonly hasChatTemplate: boolean;
  /** A Jinja template; also null when it is too long to keep. */
  readonly chatTemplate: string | null;
  /** The sort of vocabulary, such as `gpt2`. */
  readonly tokenizer: string | null;
  readonly tokens: SpecialTokens;
  readonly fim: FimTokens | null;
  readonly pooling: Pooling | null;
  /** It makes embeddings, and no text. */
  readonly isEmbedding: boolean;
  readonly origin: Origin;
}

/** Where a model is from, as its file says. */
export interface Origin {
  /** SPDX expression, by rule. */
  readonly license: string | null;
  readonly licenseUrl: string | null;
  readonly organization: string | null;
  /** Such as 7B. */
  readonly sizeLabel: string | null;
  readonly url: string | null;
  /** What it was converted from. */
  readonly sourceUrl: string | null;
  readonly baseModelUrl: string | null;
}

/** Architectures that only make embeddings. */
const encoders = new Set([
  'bert',
  'eurobert',
  'gemma-embedding',
  'jina-bert-v2',
  'jina-bert-v3',
  'llama-embed',
  'modern-bert',
  'neo-bert',
  'nomic-bert',
  'nomic-bert-moe',
  't5encoder',
]);

export function describeGguf(version: number, architecture: string, metadata: Metadata, tensors: Tensors): GgufInfo {
  const text = (key: string) => metadata.text(key) ?? null;
  const count = (key: string) => metadata.count(`${architecture}.${key}`) ?? null;
  const pooling = poolingName(count('pooling_type') ?? -1) ?? null;
  return {
    version,
    architecture,
    type: text('general.type') ?? (architecture === 'clip' ? 'mmproj' : 'model'),
    name: text('general.name'),
    contextLength: count('context_length'),
    embeddingLength: count('embedding_length'),
    layers: count('block_count'),
    sizes: readSizes(metadata, architecture),
    vocabularySize: metadata.vocabularySize || (count('vocab_size') ?? 0),
    parameters: tensors.parameters,
    quantization: fileTypeName(metadata.count('general.file_type') ?? -1) ?? mostOf(tensors),
    tensorBytes: tensors.bytes,
    hasChatTemplate: metadata.has(CHAT_TEMPLATE),
    chatTemplate: text(CHAT_TEMPLATE),
    tokenizer: text('tokenizer.ggml.model'),
    tokens: readSpecialTokens(metadata),
    fim: readFimTokens(metadata),
    pooling,
    isEmbedding: encoders.has(architecture) || (pooling !== null && pooling !== 'none' && pooling !== 'rank'),
    origin: {
      license: text('general.license'),
      licenseUrl: text('general.license.link'),
      organization: text('general.organization'),
      sizeLabel: text('general.size_label'),
      url: text('general.url') ?? text('general.repo_url'),
      sourceUrl: text('general.source.url') ?? text('general.source.repo_url'),
      baseModelUrl: text('general.base_model.0.repo_url'),
    },
  };
}

function mostOf({ types }: Tensors): string {
  const [most] = [...types].sort(([, a], [, b]) => b - a);
  return most?.[0] ?? 'F32';
}
