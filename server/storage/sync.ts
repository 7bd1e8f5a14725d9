import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Waits until a file's content is on the disk. Never for a database that this process has open: see `privateFile.ts`. */
export function syncFile(file: string): void {
  // Windows flushes only what may be written.
  syncOpened(openSync(file, 'r+'));
}

/** Waits until the names in a folder are on the disk. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder; there a rename is journalled by the file system.
  if (process.platform !== 'win32') syncOpened(openSync(folder, 'r'));
}

function syncOpened(descriptor: number): void {
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
