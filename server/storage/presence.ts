import { statSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';

/**
 * A check that throws once a file is no longer the one that was there. On POSIX an open database that somebody deletes
 * goes on taking writes, and every one of them is lost when it closes.
 */
export function createPresence(file: string): () => void {
  const inode = () => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
  const opened = inode();
  return () => {
    if (inode() === opened) return;
    throw new OspainError('storage_failed', 'The database was moved or deleted while it was in use.', {
      hint: 'Put the data folder back if you can, then restart OSPAiN2 (in VS Code: Developer: Reload Window).',
    });
  };
}
