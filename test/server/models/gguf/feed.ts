import { OspainError } from '../../../../protocol/index.ts';
import { readHeader } from '../../../../server/models/gguf/header.ts';
import { describeGguf } from '../../../../server/models/gguf/info.ts';
import { estimateMemory } from '../../../../server/models/gguf/memory.ts';
import type { Mutant } from './mutations.ts';

/** What reading one header came to. */
export interface Fed {
  /** Null when it was read; else where in the reader it was refused. */
  readonly refused: string | null;
  /** Bytes asked of the file. */
  readonly read: number;
  /** Bytes of the largest request. */
  readonly largest: number;
  /** Bytes by which the process's own memory grew, at most, seen at every request and at the end. */
  readonly grown: number;
}

/** Reads a header as a file would be; throws whatever is not a proper refusal or not a proper result. */
export function feed({ how, bytes, size }: Mutant): Fed {
  const before = held();
  let [read, largest, most] = [0, 0, before];
  const source = {
    name: 'mutant.gguf',
    size,
    read(into: Uint8Array, position: number) {
      read += into.length;
      largest = Math.max(largest, into.length);
      most = Math.max(most, held());
      into.fill(0);
      into.set(bytes.subarray(position, position + into.length));
      return Math.min(into.length, size - position);
    },
  };
  let refused: string | null = null;
  try {
    const { version, metadata, tensors } = readHeader(source);
    const info = describeGguf(version, metadata.text('general.architecture') ?? '', metadata, tensors);
    assertSane(info);
    assertSane(estimateMemory(info, { contextLength: info.contextLength ?? 0, sequences: 4 }));
  } catch (error) {
    if (!(error instanceof OspainError) || error.code !== 'model_unreadable') throw new Error(how, { cause: error });
    // Messages name parts of the header, which differ from mutant to mutant.
    refused = error.stack?.split('\n').find((line) => reader.test(line)) ?? error.message;
  }
  return { refused, read, largest, grown: Math.max(most, held()) - before };
}

const reader = /models\/gguf\/(?!window)\w+\.ts/;

function held(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Every number is one that JSON and a database can hold, and not below zero; no text is longer than a window. */
function assertSane(value: unknown): void {
  if (typeof value === 'number' && !(value >= 0 && value < Number.POSITIVE_INFINITY))
    throw new Error(`a number ${value}`);
  if (typeof value === 'string' && value.length > 262_144) throw new Error(`a text of ${value.length} characters`);
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(assertSane);
}
