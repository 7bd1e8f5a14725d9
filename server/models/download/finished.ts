import { lstat, rm } from 'node:fs/promises';
import { OspainError } from '../../../protocol/index.ts';
import { withFileLock } from '../../storage/fileLock.ts';
import { hashFile, type Paths, pathsOf, type Wanted } from './partFile.ts';
import { isSameFile, readSidecar } from './sidecar.ts';

/** Runs something while no other process fetches the same file; throws `conflict` when one does. */
export async function withDownloadLock<T>({ lock, whole }: Paths, run: () => Promise<T>): Promise<T> {
  let isOurs = false;
  const running = withFileLock(
    lock,
    () => {
      isOurs = true;
      return run();
    },
    0,
  );
  try {
    return await running;
  } catch (thrown) {
    if (isOurs || !(thrown instanceof OspainError) || thrown.code !== 'storage_busy') throw thrown;
    throw new OspainError('conflict', `${whole} is being fetched already.`, {
      hint: 'Wait until that is done, or stop it.',
      cause: thrown,
    });
  }
}

/**
 * The file of an earlier download that nobody took away, hashed again; undefined when there is none. One that is not
 * the wanted one any more is removed. Throws `conflict` when the name is taken by a file that no download made.
 */
export async function takeFinished(
  paths: Paths,
  wanted: Wanted,
): Promise<{ path: string; bytes: number; sha256: string } | undefined> {
  const stats = await lstat(paths.whole).catch(() => undefined);
  if (stats === undefined) return undefined;
  const sidecar = await readSidecar(paths.sidecar);
  if (!stats.isFile() || sidecar?.finished === undefined)
    throw new OspainError('conflict', `There is a file ${paths.whole} already; it stays as it is.`, {
      hint: 'Move it away, or choose another name.',
    });
  const sha256 = isSameFile(sidecar, wanted) ? await hashFile(paths.whole) : undefined;
  if (sha256 === sidecar.finished && sha256 === (wanted.sha256 ?? sha256))
    return { path: paths.whole, bytes: stats.size, sha256 };
  await rm(paths.whole);
  await rm(paths.sidecar);
  return undefined;
}

/** Removes what a download left in a folder: its part, or the rest of one whose file was taken away. */
export async function discardDownload(folder: string, name: string): Promise<void> {
  const paths = pathsOf(folder, name);
  for (const file of [paths.part, paths.sidecar, `${paths.sidecar}.new`, paths.whole]) await rm(file, { force: true });
}
