import { OspainError } from '../../protocol/index.ts';

const known = {
  full: ['storage_full', 'The disk that holds the database is full.', 'Free some space, then try again.'],
  readOnly: [
    'storage_read_only',
    'The data folder cannot be written.',
    'Check the permissions of the folder, or set OSPAIN2_DATA_DIR to one that you may write.',
  ],
  busy: [
    'storage_busy',
    'Another program is holding the database.',
    'Try again; if it stays, close other windows on this workspace.',
  ],
  corrupt: [
    'storage_corrupt',
    'The database is damaged.',
    'Nothing was deleted. Keep a copy of the data folder, then move the database file away to start afresh.',
  ],
  failed: ['storage_failed', 'The database could not be read or written.', undefined],
} as const;

type Failure = keyof typeof known;

/** By SQLite's primary result code; the extended ones (`SQLITE_BUSY_SNAPSHOT`) begin with it. */
const bySqliteCode: ReadonlyArray<readonly [prefix: string, failure: Failure]> = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_READONLY', 'readOnly'],
  ['SQLITE_CANTOPEN', 'readOnly'],
  ['SQLITE_PERM', 'readOnly'],
  ['SQLITE_CORRUPT', 'corrupt'],
  // Mid-way this is a page that does not decrypt; opening tells a wrong key apart before anything else is read.
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_', 'failed'],
];

const byErrno: Readonly<Record<string, Failure>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'readOnly',
  EACCES: 'readOnly',
  EPERM: 'readOnly',
  ENOTDIR: 'readOnly',
  EEXIST: 'readOnly',
  EBUSY: 'busy',
  ENOENT: 'failed',
  EIO: 'failed',
};

/** A failure of SQLite or of the file system as an error of the closed list; everything else comes back as it is. */
export function storageError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code === undefined) return thrown;
  const failure = bySqliteCode.find(([prefix]) => code.startsWith(prefix))?.[1] ?? byErrno[code];
  if (failure === undefined) return thrown;
  const [name, message, hint] = known[failure];
  return new OspainError(name, message, { hint, cause: thrown });
}

/** Runs something that touches the database or its folder; its failures have codes of the closed list. */
export function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (thrown) {
    throw storageError(thrown);
  }
}

/** The code of a SqliteError or of a Node system error. */
export function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof OspainError || !(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
