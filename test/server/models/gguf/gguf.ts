import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataBytes, encodeHeader, type Header, type Metadata } from '../../../support/gguf/file.ts';

export const architecture: Record<string, Metadata> = { 'general.architecture': { string: 'llama' } };

/** A whole file with zeros as its data. */
export function encodeFile(header: Header): Buffer {
  const { bytes } = encodeHeader(header);
  const alignment = header.alignment ?? 32;
  const gap = (alignment - (bytes.length % alignment)) % alignment;
  return header.tensors.length === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(gap + dataBytes(header))]);
}

/** Writes a file and returns its path. */
export function writeFile(folder: string, name: string, header: Header): string {
  const path = join(folder, name);
  writeFileSync(path, encodeFile(header));
  return path;
}
