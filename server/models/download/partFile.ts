import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { constants, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OspainError } from '../../../protocol/index.ts';
import { codeOf, storageError } from '../../storage/storageErrors.ts';
import { syncFolder } from '../../storage/sync.ts';
import { isSameFile, readSidecar, type Sidecar, writeSidecar } from './sidecar.ts';

/** Bytes between two syncs: what a power cut can cost. The death of the process costs nothing that was written. */
const SYNC_EVERY = 16 * 1024 * 1024;
const READ_BYTES = 256 * 1024;
/** Clocks are set, so a machine's start is known to some milliseconds only. */
const SAME_BOOT = 5_000;

export interface Paths {
  whole: string;
  part: string;
  sidecar: string;
  lock: string;
}

export const pathsOf = (folder: string, name: string): Paths => ({
  whole: join(folder, name),
  part: join(folder, `${name}.part`),
  sidecar: join(folder, `${name}.download.json`),
  lock: join(folder, `${name}.lock`),
});

export type Wanted = Pick<Sidecar, 'from' | 'address' | 'sha256' | 'bytes'>;

/** The part of a file that is there, its hash, and what is known of where it comes from. */
export interface PartFile extends AsyncDisposable {
  readonly position: number;
  readonly known: Readonly<Sidecar>;
  /** Whether all of it came with one answer. */
  readonly isOnePiece: boolean;
  /** A new answer follows; what it says of the file is on the disk before its bytes. */
  begin(about: Pick<Sidecar, 'etag' | 'lastModified' | 'bytes'>): Promise<void>;
  write(chunk: Uint8Array): Promise<void>;
  /** Back to an empty file of which nothing is known. */
  restart(): Promise<void>;
  digest(): string;
  /** On the disk, under its name. */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** Opens the part, or an empty one when there is none of what is wanted. Reads and hashes what is there. */
export async function openPart(paths: Paths, wanted: Wanted, bootedAt: number): Promise<PartFile> {
  const found = await readSidecar(paths.sidecar);
  let known: Sidecar = { ...wanted, synced: 0, bootedAt };
  const handle = await saying(paths, () => openPrivate(paths.part));
  let position = 0;
  let synced = 0;
  let pieces = 0;
  let hash = createHash('sha256');

  const truncate = async (to: number) => {
    await handle.truncate(to);
    position = to;
    synced = Math.min(synced, to);
  };

  const sync = async () => {
    await handle.datasync();
    synced = position;
    await writeSidecar(paths.sidecar, { ...known, synced });
  };

  const restart = async () => {
    known = { ...wanted, synced: 0, bootedAt };
    hash = createHash('sha256');
    pieces = 0;
    await truncate(0);
  };

  try {
    await saying(paths, async () => {
      if (found === undefined || !isSameFile(found, wanted)) return restart();
      const { size } = await handle.stat();
      const { finished: _, ...rest } = found;
      known = { ...rest, ...wanted, bytes: wanted.bytes ?? found.bytes, bootedAt };
      const survived = Math.abs(found.bootedAt - bootedAt) < SAME_BOOT ? size : Math.min(size, found.synced);
      if (known.bytes !== undefined && survived > known.bytes) return restart();
      synced = found.synced;
      await truncate(survived);
      if (position > 0) {
        pieces = 1;
        await hashFile(paths.part, hash);
      }
    });
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }

  return {
    get position() {
      return position;
    },
    get known() {
      return known;
    },
    get isOnePiece() {
      return pieces <= 1;
    },
    begin: (about) =>
      saying(paths, async () => {
        pieces += 1;
        known = { ...known, ...about };
        await sync();
      }),
    write: (chunk) =>
      saying(paths, async () => {
        for (let done = 0; done < chunk.length; )
          done += (await handle.write(chunk, done, chunk.length - done, position + done)).bytesWritten;
        hash.update(chunk);
        position += chunk.length;
        if (position - synced >= SYNC_EVERY) await sync();
      }),
    restart: () => saying(paths, restart),
    digest: () => hash.copy().digest('hex'),
    finish: () =>
      saying(paths, async () => {
        await handle.sync();
        const finished = hash.copy().digest('hex');
        await writeSidecar(paths.sidecar, { ...known, bytes: position, synced: position, finished });
        await handle.close();
        await rename(paths.part, paths.whole);
        syncFolder(join(paths.whole, '..'));
      }),
    async discard() {
      await rm(paths.part, { force: true });
      await rm(paths.sidecar, { force: true });
    },
    // Closing twice is allowed.
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

export async function hashFile(file: string, hash = createHash('sha256')): Promise<string> {
  for await (const chunk of createReadStream(file, { highWaterMark: READ_BYTES })) hash.update(chunk);
  return hash.copy().digest('hex');
}

/** Never through a link that somebody put in its place; for this user alone. */
async function openPrivate(file: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT } = constants;
  // Windows knows no such flag.
  const noFollow: number | undefined = constants.O_NOFOLLOW;
  const handle = await open(file, O_RDWR | O_CREAT | (noFollow ?? 0), 0o600);
  if (process.platform !== 'win32') await handle.chmod(0o600);
  return handle;
}

/** What storage says of the database, said of this file. */
async function saying<T>({ whole }: Paths, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof OspainError) throw thrown;
    const { code } = OspainError.from(storageError(thrown));
    const failed = (why: string, hint: string) =>
      new OspainError(code === 'internal' ? 'storage_failed' : code, `${whole} was not written: ${why}.`, {
        hint,
        cause: thrown,
      });
    if (code === 'storage_full')
      throw failed('the disk is full', 'Free some space, then try again: it goes on where it stopped.');
    if (code === 'storage_read_only') throw failed('its folder cannot be written', 'Check its permissions.');
    const errno = codeOf(thrown);
    if (errno === 'ELOOP' || errno === 'EISDIR')
      throw new OspainError('conflict', `${whole}.part is no file of a download; it stays as it is.`, {
        hint: 'Move it away, or choose another name.',
        cause: thrown,
      });
    throw failed('the disk could not be used', 'Check the disk and the folder, then try again.');
  }
}
