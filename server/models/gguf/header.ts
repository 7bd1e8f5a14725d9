import type { ByteSource } from '../byteSource.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { readTensors, type Tensors } from './tensors.ts';
import { openWindow } from './window.ts';

/** What one file holds before its data. */
export interface Header {
  readonly version: number;
  readonly metadata: Metadata;
  readonly tensors: Tensors;
}

const MAGIC = 'GGUF';
const VERSIONS = [2, 3];
/** Magic, version, number of tensors, number of entries. */
const MIN_BYTES = 24;

/**
 * Reads the header of one GGUF file and checks that the data it promises is there; throws `model_unreadable`. A header
 * may claim what it likes: memory is a window and a few kept values, and the work has limits.
 * Source of the layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export function readHeader(source: ByteSource): Header {
  const window = openWindow(source);
  const { size } = source;
  if (size === 0) throw window.wrong('it is empty');
  const start = window.bytes(Math.min(MAGIC.length, size)).toString('latin1');
  if (start !== MAGIC) throw window.wrong('it is not in GGUF format', 0);
  if (size < MIN_BYTES) throw window.wrong(`it has only ${size} bytes`);
  const version = window.u32();
  // The number in the other order of bytes.
  if (version % 2 ** 16 === 0) throw window.wrong('it is for big-endian machines', 4);
  if (!VERSIONS.includes(version)) throw window.wrong(`its GGUF version ${version} is not known`, 4);
  const tensorCount = window.u64();
  const entryCount = window.u64();
  const metadata = readMetadata(window, entryCount);
  return { version, metadata, tensors: readTensors(window, tensorCount, metadata.alignment) };
}
