import { closeSync, openSync, statSync, writeSync } from 'node:fs';

const PAGE = 4096;

/** Writes over the pages of the second half of a database, which then opens and cannot be read whole. */
export function damagePages(file: string): void {
  const pages = Math.floor(statSync(file).size / PAGE);
  const descriptor = openSync(file, 'r+');
  try {
    for (let page = pages >> 1; page < pages; page++)
      writeSync(descriptor, Buffer.alloc(16, page), 0, 16, page * PAGE + 100);
  } finally {
    closeSync(descriptor);
  }
}
