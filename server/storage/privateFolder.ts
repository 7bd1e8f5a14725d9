import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './storageErrors.ts';

/** Makes a folder, and those above it, for this user alone. */
export function createPrivateFolder(folder: string): void {
  makeWithParents(folder);
  const { mode, uid } = statSync(folder);
  if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(folder, 0o700);
}

/** Step by step: the recursive form of Node hides a read-only disk behind ENOENT. */
function makeWithParents(folder: string): void {
  const parent = dirname(folder);
  try {
    makeOne(folder);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT' || parent === folder) throw thrown;
    makeWithParents(parent);
    makeOne(folder);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
  }
}
