import { closeSync, openSync } from 'node:fs';
import { codeOf } from './storageErrors.ts';

/**
 * Makes an empty file for this user alone, when there is none. An existing one is not opened: closing any descriptor of
 * a file drops the locks that this process holds on it (POSIX), and SQLite relies on those.
 */
export function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
}
