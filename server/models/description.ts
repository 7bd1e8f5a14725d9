import { statSync } from 'node:fs';
import { type ModelAbility, type ModelFormat, OspainError } from '../../protocol/index.ts';
import { unreadable } from './fileErrors.ts';
import { recognizeFormat } from './format.ts';
import { estimateMemory } from './gguf/memory.ts';
import { type GgufModel, readGguf } from './gguf/read.ts';
import type { FileFacts } from './rows.ts';

/** What a model's files say of it. */
export interface FileDescription {
  format: ModelFormat;
  /** In order; the first is the one to load. */
  files: readonly string[];
  /** Of all files. */
  bytes: number;
  /** Tokens that fit one conversation; null where the file does not tell. */
  contextLength: number | null;
  /** Of memory, with one conversation. */
  memoryBytes: number | null;
  facts: FileFacts | null;
}

/** Most tokens of one conversation, whatever a model was made for: what memory of ordinary machines allows. */
export const MAX_CONTEXT = 8192;

/** Reads a model of any format that can be kept; of a split one any part. Throws `model_missing` or `model_unreadable`. */
export function describeModel(path: string): FileDescription {
  const found = recognizeFormat(path);
  if (found.format === 'gguf') return describeGguf(path);
  if (found.format === 'unknown') throw unreadable(path, 'it is none of GGUF, ONNX, safetensors and PyTorch');
  const known = found.format === 'safetensors' ? found : { parameters: null, quantization: null };
  return {
    format: found.format,
    files: [path],
    bytes: statSync(path).size,
    contextLength: null,
    memoryBytes: null,
    facts: { ...NOTHING, parameters: known.parameters, quantization: known.quantization },
  };
}

/** The same of a GGUF file that may be missing or broken: whoever loads it says what is wrong with it. */
export function describeIfAny(path: string): FileDescription {
  try {
    return describeGguf(path);
  } catch {
    const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { format: 'gguf', files: [path], bytes, contextLength: null, memoryBytes: null, facts: null };
  }
}

function describeGguf(path: string): FileDescription {
  const model = readGguf(path);
  if (model.type !== 'model')
    throw new OspainError('model_unreadable', `${path} is no model by itself: it holds a part of another one.`, {
      hint: `It says that it is of the type ${JSON.stringify(model.type.slice(0, 64))}.`,
    });
  const contextLength = Math.min(model.contextLength || MAX_CONTEXT, MAX_CONTEXT);
  return {
    format: 'gguf',
    files: model.files,
    bytes: model.bytes,
    contextLength,
    memoryBytes: estimateMemory(model, { contextLength, sequences: 1 }).total,
    facts: factsOf(model),
  };
}

const NOTHING: FileFacts = {
  ...{ architecture: null, parameters: null, quantization: null, abilities: [], licence: null },
  ...{ title: null, organization: null, url: null, contextLength: null, embeddingLength: null, layers: null },
  ...{ vocabularySize: 0, tokenizer: null, fillFamily: null },
};

function factsOf(model: GgufModel): FileFacts {
  const abilities: ModelAbility[] = [];
  if (model.hasChatTemplate && !model.isEmbedding) abilities.push('chat');
  if (model.fim !== null) abilities.push('fill');
  if (model.isEmbedding) abilities.push('embed');
  return {
    architecture: model.architecture,
    parameters: model.parameters,
    quantization: model.quantization,
    abilities,
    licence: model.origin.license,
    title: model.name,
    organization: model.origin.organization,
    url: model.origin.url ?? model.origin.sourceUrl,
    contextLength: model.contextLength,
    embeddingLength: model.embeddingLength,
    layers: model.layers,
    vocabularySize: model.vocabularySize,
    tokenizer: model.tokenizer,
    fillFamily: model.fim?.family ?? null,
  };
}
