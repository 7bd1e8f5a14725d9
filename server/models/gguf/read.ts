import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { withFile } from '../byteSource.ts';
import { unreadable } from '../fileErrors.ts';
import { type Header, readHeader } from './header.ts';
import { describeGguf, type GgufInfo } from './info.ts';
import { partsOf } from './split.ts';
import { addUp } from './tensors.ts';

/** A model that can be loaded: one file, or all parts of one. */
export interface GgufModel extends GgufInfo {
  /** In order; the first is the one to load. */
  readonly files: readonly string[];
  /** Of all files. */
  readonly bytes: number;
}

interface Part extends Header {
  path: string;
  bytes: number;
}

/**
 * Reads what a GGUF model says of itself, and checks that its files are whole as far as their headers tell. Of a split
 * model any part may be named. Throws `model_missing` or `model_unreadable`.
 *
 * Synchronous, because its work is bounded to some milliseconds and models are registered in transactions.
 */
export function readGguf(path: string): GgufModel {
  const named = readPart(path);
  const parts = named.metadata.has('split.count') ? findParts(named) : [named];
  const { version, metadata } = parts[0] ?? named;
  const architecture = metadata.text('general.architecture');
  if (!architecture) throw unreadable(path, 'it does not tell the architecture of its model');
  return {
    ...describeGguf(version, architecture, metadata, addUp(parts.map(({ tensors }) => tensors))),
    files: parts.map((part) => part.path),
    bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
  };
}

/** All parts of a split model, in order, when they belong together. */
function findParts(named: Part): Part[] {
  const count = named.metadata.count('split.count') ?? 0;
  if (count === 1) return [named];
  const place = `part ${(named.metadata.count('split.no') ?? 0) + 1} of ${count}`;
  const names = partsOf(named.path);
  if (names === null || names.paths.length !== count)
    throw unreadable(named.path, `it is ${place} of a model, which its name does not say`);
  const parts = names.paths.map((path, index) => {
    const what = `part ${index + 1} of ${count}`;
    if (statSync(path, { throwIfNoEntry: false }) === undefined)
      throw unreadable(named.path, `${what}, ${basename(path)}, is missing beside it`);
    const part = path === named.path ? named : readPart(path);
    if (part.metadata.count('split.no') !== index || part.metadata.count('split.count') !== count)
      throw unreadable(path, `it is not ${what}, as its name says`);
    return part;
  });
  const promised = parts[0]?.metadata.count('split.tensors.count');
  const there = parts.reduce((sum, { tensors }) => sum + tensors.count, 0);
  if (promised !== there) throw unreadable(named.path, `its parts hold ${there} tensors instead of ${promised}`);
  return parts;
}

const readPart = (path: string): Part =>
  withFile(path, (source) => ({ path, bytes: source.size, ...readHeader(source) }));
