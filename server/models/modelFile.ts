import { statSync } from 'node:fs';
import { missingFile } from './fileErrors.ts';
import { readGguf } from './gguf/read.ts';
import { partsOf } from './gguf/split.ts';

/**
 * Returns a fingerprint of a model's file, or of all its parts, which changes when one is replaced or written. Unless
 * that is the `known` one, looks whether it can be a model: `model_missing` when there is none, `model_unreadable` when
 * its header is damaged or its data is cut off. That the data is broken only shows when it is loaded.
 */
export function checkModelFile(path: string, known?: string): string {
  const files = partsOf(path)?.paths ?? [path];
  const fingerprint = files.map(stateOf).join(' ');
  if (fingerprint !== known) readGguf(path);
  return fingerprint;
}

function stateOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) throw missingFile(path);
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeMs}`;
}
