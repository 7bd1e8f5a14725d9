import type { Model, ModelFacts, ModelFile } from '../../protocol/index.ts';
import { blobPath, setPath } from './modelFolder.ts';
import { type FileRow, keyOf, type Problem, type VersionRow } from './rows.ts';

/** A model as whoever loads it needs it. */
export type StoredModel = Omit<Model, 'aliases' | 'tags' | 'state' | 'benchmark' | 'problem'> & {
  problem: Problem | null;
};

/** Where this server finds the files of models. Absolute paths. */
export interface Places {
  blobs: string;
  embedded: string;
  /** Files of this server's settings, by name and version: another server's may know others of the same name. */
  own: ReadonlyMap<string, string>;
}

export function toStored(row: VersionRow, places: Places): StoredModel {
  const { facts } = row;
  return {
    name: row.name,
    version: row.version,
    format: row.format,
    artifact: filePath(row, row.files[0], places),
    bytes: row.bytes,
    sha256: row.digest,
    architecture: facts?.architecture ?? null,
    parameters: facts?.parameters ?? null,
    quantization: facts?.quantization ?? null,
    abilities: facts?.abilities ?? [],
    contextLength: row.contextLength,
    profile: row.profile,
    licence: row.licence,
    source: row.source,
    embedded: row.origin === 'embedded',
    pinned: row.pinned,
    memoryBytes: row.memoryBytes,
    problem: row.problem,
    loadedAt: row.loadedAt,
    createdAt: row.createdAt,
  };
}

/** Of a GGUF model, without what is in the model itself. */
export function toFacts({ format, facts }: VersionRow): ModelFacts | null {
  if (format !== 'gguf' || facts === null) return null;
  const { architecture: _a, parameters: _p, quantization: _q, abilities: _b, licence: _l, ...rest } = facts;
  return rest;
}

export const toFiles = (row: VersionRow, places: Places): ModelFile[] =>
  row.files.map((file) => ({
    name: file.name,
    path: filePath(row, file, places),
    bytes: file.bytes,
    sha256: file.sha256,
    kept: file.path !== null ? 'elsewhere' : file.shared ? 'shared' : 'store',
  }));

function filePath(row: VersionRow, file: FileRow | undefined, { blobs, embedded, own }: Places): string {
  if (row.origin === 'embedded' || file === undefined) return embedded;
  if (row.origin === 'file') return own.get(keyOf(row)) ?? file.path ?? '';
  if (file.path !== null) return file.path;
  // A loader finds the other parts beside the first, by their names.
  return row.files.length === 1
    ? blobPath(blobs, file.sha256 ?? '')
    : `${setPath(blobs, row.digest ?? '')}/${file.name}`;
}
