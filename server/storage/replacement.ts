import { chmodSync, closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { countTasks } from './backup.ts';
import { type Db, openDatabase } from './database.ts';
import type { DataFolder } from './dataFolder.ts';
import { assertName } from './newFile.ts';
import { codeOf, guarded, storageError } from './storageErrors.ts';
import { syncFile } from './sync.ts';

/** A verified copy of a backup in the data folder, of today's schema, that can take the database's place. */
export interface Replacement {
  file: string;
  /** That opens it: 96 hexadecimal digits. */
  key: string;
  tasks: number;
  /** Whether its queue is paused. */
  paused: boolean;
  /** Takes it away, if it is still there. */
  dispose(): void;
}

export interface ReplacementOptions {
  location: DataFolder;
  /** Finds the key of a copy of the backup: 96 hexadecimal digits. */
  keyOf(copy: string): Promise<string>;
  /** Absolute path of the backup, which is only read. */
  path: string;
  now: () => number;
  /** Runs on the copy before it counts, so that it is there with what this writes or not at all. */
  onReady?(db: Db, key: string): void;
}

/** What a database may have beside it: `-wal` and `-journal` hold content, `-shm` only the order of `-wal`. */
export const JOURNALS = ['-wal', '-journal', '-shm'] as const;

/**
 * Everything that can be wrong with a backup shows here, before anything is replaced: `not_found`, `key_wrong`,
 * `storage_corrupt`, `storage_newer`. Only one may be prepared at a time. Its queue is paused where it would begin to work
 * by itself: what waits in a backup may have run since, and must not run again before a person says so.
 */
export async function prepareReplacement(options: ReplacementOptions): Promise<Replacement> {
  const { location, path } = options;
  assertName(path);
  assertOther(path, location);
  const file = join(location.folder, 'incoming.db');
  const dispose = () => {
    for (const suffix of ['', ...JOURNALS]) rmSync(`${file}${suffix}`, { force: true });
  };
  // What a server left that died in the middle.
  guarded(dispose);
  try {
    await copy(path, file);
    // A copy of a folder in which a server was at work has its newest changes here.
    if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0) await copy(`${path}-wal`, `${file}-wal`);
    assertBackup(file);
    const key = await options.keyOf(file);
    const found = await check(file, key, options);
    guarded(() => syncFile(file));
    return { file, key, ...found, dispose };
  } catch (thrown) {
    dispose();
    throw retold(path, storageError(thrown));
  }
}

/** Closing a file that this process has open as a database would drop the locks on it (POSIX), so it must be another. */
function assertOther(path: string, { database }: DataFolder): void {
  const options = { bigint: true, throwIfNoEntry: false } as const;
  const [chosen, own] = guarded(() => [statSync(path, options), statSync(database, options)]);
  if (chosen === undefined) throw new OspainError('not_found', `There is no file ${path}.`);
  if (!chosen.isFile()) throw noBackup(path);
  if (chosen.ino !== own?.ino || chosen.dev !== own.dev) return;
  throw new OspainError('conflict', 'That file is the database itself, not a backup of it.', {
    hint: 'Name a file that `ospain2 backup` wrote.',
  });
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  chmodSync(to, 0o600);
}

/** Opens it as a server would, so that a schema of an earlier version is brought up to date before it counts. */
async function check(
  file: string,
  key: string,
  { now, onReady }: Pick<ReplacementOptions, 'now' | 'onReady'>,
): Promise<Pick<Replacement, 'tasks' | 'paused'>> {
  const db = await openDatabase({ file, key });
  try {
    if (db.pragma('integrity_check', { simple: true }) !== 'ok') throw damaged();
    if ((db.pragma('foreign_key_check') as unknown[]).length > 0) throw damaged();
    db.prepare(`UPDATE workspace SET paused = 1 WHERE ${WOULD_BEGIN}`).run({ now: now() });
    onReady?.(db, key);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const paused = db.prepare<[], { paused: number }>('SELECT paused FROM workspace').get()?.paused === 1;
    return { tasks: countTasks(db), paused };
  } finally {
    // The last to close it: its journals are written into it and go.
    db.close();
  }
}

const WOULD_BEGIN = `EXISTS (SELECT 1 FROM tasks WHERE status IN ('blocked', 'delayed', 'pending', 'running'))
  OR EXISTS (SELECT 1 FROM schedules WHERE off_since IS NULL AND next_at <= @now)`;

/** Without these two looks an empty file would be a good database, and a plain one a matter of the key. */
function assertBackup(file: string): void {
  const { size } = statSync(file);
  if (size < 512 || startOf(file) === 'SQLite format 3\0') throw damaged();
}

function startOf(file: string): string {
  const start = Buffer.alloc(16);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start, 0, start.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return start.toString('latin1');
}

const damaged = () => new OspainError('storage_corrupt', 'The backup is damaged.');

const noBackup = (path: string, cause?: unknown) =>
  new OspainError('storage_corrupt', `${path} is not a backup, or it is damaged. Nothing was replaced.`, {
    hint: 'Name a file that `ospain2 backup` wrote.',
    cause,
  });

/** What opening says of the workspace's database, said of the backup. */
function retold(path: string, thrown: unknown): unknown {
  if (!(thrown instanceof OspainError)) return codeOf(thrown) === undefined ? thrown : noBackup(path, thrown);
  switch (thrown.code) {
    case 'key_wrong':
      return new OspainError('key_wrong', `No key of this workspace opens ${path}. Nothing was replaced.`, {
        hint: 'It is the backup of another workspace, or no backup. A backup opens only with the key that it was made with.',
        cause: thrown,
      });
    case 'storage_corrupt':
      return noBackup(path, thrown);
    case 'storage_newer':
      return new OspainError('storage_newer', `${path} was written by a newer version of OSPAiN2.`, {
        hint: 'Update OSPAiN2, then restore it. Nothing was replaced.',
        cause: thrown,
      });
    default:
      return thrown;
  }
}
