/** A package as it was made, and what lies beside it in `dist/`. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { distFolder } from '../paths.ts';
import { type PackedFile, sizeTable } from './sizeTable.ts';

export interface Packaged {
  readonly file: string;
  readonly bytes: number;
  readonly entries: readonly PackedFile[];
}

export interface Made {
  /** Where it was made, to be moved; its bill of materials, to be copied. */
  readonly made: string;
  readonly sbom: string;
  /** What it is called in `dist/`. */
  readonly name: string;
  readonly entries: readonly PackedFile[];
}

/** What a person may have to download. */
const MAX_BYTES = 40 * 1024 * 1024;

/** Puts a package into `dist/` with its bill of materials; throws when it is too large. */
export async function intoDist({ made, sbom, name, entries }: Made): Promise<Packaged> {
  const { size: bytes } = await stat(made);
  if (bytes > MAX_BYTES) throw new Error(`${name} has ${bytes} bytes, more than ${MAX_BYTES}\n${sizeTable(entries)}`);
  await mkdir(distFolder, { recursive: true });
  const file = path.join(distFolder, name);
  await copyFile(sbom, `${file}.cdx.json`);
  await rename(made, file);
  return { file, bytes, entries };
}

/** Writes `SHA256SUMS` for all packages in a folder, as `sha256sum --check` reads it. */
export async function writeChecksums(folder: string = distFolder): Promise<void> {
  const names = (await readdir(folder)).filter(isPackage).sort();
  const sum = async (name: string) =>
    `${createHash('sha256')
      .update(await readFile(path.join(folder, name)))
      .digest('hex')}  ${name}\n`;
  await writeFile(path.join(folder, 'SHA256SUMS'), (await Promise.all(names.map(sum))).join(''));
}

const isPackage = (name: string): boolean => /^ospain2-.*\.(vsix|tgz|exe|cdx\.json)$/i.test(name);
