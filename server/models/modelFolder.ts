import { join } from 'node:path';
import type { DatabasePlace, DataFolder } from '../storage/dataFolder.ts';
import { createPrivateFolder } from '../storage/privateFolder.ts';
import { guarded } from '../storage/storageErrors.ts';

/** Where the models of one user are kept, whatever workspace asks for them. */
export interface ModelFolder extends DatabasePlace {
  /** Holds the store's files under names that their content gives them. */
  blobs: string;
  /** Holds what is on its way into the store; on the same disk as `blobs`. */
  incoming: string;
}

export function modelFolder({ root }: Pick<DataFolder, 'root'>): ModelFolder {
  const folder = join(root, 'models');
  return {
    id: 'models',
    folder,
    database: join(folder, 'registry.db'),
    key: join(folder, 'key'),
    blobs: join(folder, 'blobs'),
    incoming: join(folder, 'incoming'),
  };
}

export function createModelFolders({ blobs, incoming }: ModelFolder): void {
  for (const folder of [blobs, incoming]) guarded(() => createPrivateFolder(folder));
}

/** A file of the store, by the SHA-256 of its content. */
export const blobPath = (blobs: string, sha256: string): string => join(blobs, `sha256-${sha256}`);

/** The folder in which the files of a version that has several stand beside each other under their own names. */
export const setPath = (blobs: string, digest: string): string => join(blobs, `set-${digest}`);
