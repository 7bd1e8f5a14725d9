import { closeSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';

/** Magic, version, number of tensors, number of metadata entries; the layout of GGUF. */
const HEADER_BYTES = 24;
const MAGIC = 'GGUF';
const VERSIONS = [2, 3];
/** A tensor or a metadata entry takes no less than this many bytes of the file. */
const MIN_ENTRY_BYTES = 12;

/**
 * Looks at a model file without reading it: `model_missing` when there is none, `model_unreadable` when it cannot be a
 * GGUF model. That it may still be broken inside only shows when it is loaded. Returns a fingerprint, which changes when
 * the file is replaced or written.
 */
export function checkModelFile(path: string): string {
  const stats = fileStats(path);
  const header = readHeader(path);
  const wrong = (why: string) =>
    new OspainError('model_unreadable', `The model file ${path} is not usable: ${why}.`, {
      hint: 'Get the file again, or name another GGUF file.',
    });
  if (stats.size === 0) throw wrong('it is empty');
  if (header.length < HEADER_BYTES) throw wrong(`it has only ${stats.size} bytes`);
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw wrong('it is not in GGUF format');
  const version = header.readUInt32LE(4);
  if (!VERSIONS.includes(version)) throw wrong(`its GGUF version ${version} is not known`);
  const entries = header.readBigUInt64LE(8) + header.readBigUInt64LE(16);
  if (entries * BigInt(MIN_ENTRY_BYTES) > BigInt(stats.size)) throw wrong('it is cut off, or its header is damaged');
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}

function fileStats(path: string): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) return stats;
  throw new OspainError('model_missing', `There is no model file ${path}.`, {
    hint: 'Check the path, or use another model.',
  });
}

function readHeader(path: string): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  try {
    const file = openSync(path, 'r');
    try {
      return header.subarray(0, readSync(file, header, 0, HEADER_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new OspainError('model_unreadable', `The model file ${path} cannot be read.`, {
      hint: 'Check its permissions.',
      cause,
    });
  }
}
