import { randomBytes } from 'node:crypto';
import { closeSync, lstatSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { type ErrorCode, OspainError } from '../../protocol/index.ts';
import { codeOf, storageError } from './storageErrors.ts';
import { syncFile, syncFolder } from './sync.ts';

/**
 * Makes a file that a person named, whole or not at all, and never in place of one that is there: `write` fills a fresh
 * file beside it, for this user alone, which takes the name when it is on the disk. Throws `invalid_params` for a name
 * that cannot be, `not_found` without its folder, `conflict` when it is taken, and errors of storage.
 */
export async function writeNew<T>(
  path: string,
  write: (fresh: string) => Promise<T>,
): Promise<T & { path: string; bytes: number }> {
  assertName(path);
  const fresh = join(dirname(path), `.ospain2-${randomBytes(6).toString('hex')}.part`);
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw taken(path);
    closeSync(openSync(fresh, 'wx', 0o600));
    try {
      const result = await write(fresh);
      syncFile(fresh);
      const { size: bytes } = statSync(fresh);
      place(fresh, path);
      return { ...result, path, bytes };
    } finally {
      rmSync(fresh, { force: true });
    }
  } catch (thrown) {
    throw ofTarget(path, thrown);
  }
}

/** A rename takes whatever has the name away, so an empty file of our own holds it first: the disk may know no links. */
function place(fresh: string, path: string): void {
  closeSync(openSync(path, 'wx', 0o600));
  try {
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(path, { force: true });
    throw thrown;
  }
  syncFolder(dirname(path));
}

export function assertName(path: string): void {
  if (isAbsolute(path) && !path.includes('\0')) return;
  throw new OspainError('invalid_params', 'The path of a file must be absolute.', {
    hint: 'Name the file with its folder.',
  });
}

const taken = (path: string): OspainError =>
  new OspainError('conflict', `There is a file ${path} already; it stays as it is.`, {
    hint: 'Choose another name, or move that file away.',
  });

/** What storage says of the data folder, said of the place that the person chose. */
const said: Partial<Record<ErrorCode, readonly [what: string, hint: string]>> = {
  storage_full: ['the disk is full', 'Free some space there, or choose another disk.'],
  storage_read_only: ['its folder cannot be written', 'Choose a folder that you may write.'],
};

function ofTarget(path: string, thrown: unknown): unknown {
  switch (codeOf(thrown)) {
    case 'EEXIST':
      return taken(path);
    case 'ENOENT':
    case 'ENOTDIR':
      return new OspainError('not_found', `There is no folder ${dirname(path)}.`, {
        hint: 'Make it first, or choose another one.',
        cause: thrown,
      });
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return new OspainError('invalid_params', 'A file cannot have this name.', { cause: thrown });
    default: {
      const error = storageError(thrown);
      const [what, hint] = (error instanceof OspainError && said[error.code]) || [];
      if (!(error instanceof OspainError) || what === undefined) return error;
      return new OspainError(error.code, `${path} was not written: ${what}.`, { hint, cause: thrown });
    }
  }
}
