import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import { missingFile } from './fileErrors.ts';

/** Bytes that can be read at any place. */
export interface ByteSource {
  /** For messages. */
  readonly name: string;
  readonly size: number;
  /** Fills as much of `into` as there is from `position` on; returns how many bytes. */
  read(into: Uint8Array, position: number): number;
}

/** Opens a file for as long as `use` runs. Throws `model_missing`, or `model_unreadable` where the system does not read it. */
export function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) throw missingFile(path);
  try {
    const file = openSync(path, 'r');
    try {
      const read = (into: Uint8Array, position: number) => readSync(file, into, 0, into.length, position);
      return use({ name: path, size: fstatSync(file).size, read });
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    if (cause instanceof OspainError) throw cause;
    throw new OspainError('model_unreadable', `The model file ${path} cannot be read.`, {
      hint: 'Check its permissions.',
      cause,
    });
  }
}
