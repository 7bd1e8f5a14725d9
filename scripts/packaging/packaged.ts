/** A package as it was made. */
import { type PackedFile, sizeTable } from './sizeTable.ts';

export interface Packaged {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly PackedFile[];
}

/** What a person may have to download. */
const MAX_BYTES = 40 * 1024 * 1024;

export function assertSmall({ file, bytes, entries }: Packaged): void {
  if (bytes > MAX_BYTES) throw new Error(`${file} has ${bytes} bytes, more than ${MAX_BYTES}\n${sizeTable(entries)}`);
}
