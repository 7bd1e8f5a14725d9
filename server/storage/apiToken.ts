import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { withFileLock } from './fileLock.ts';
import { writePrivateFile } from './privateFile.ts';
import { codeOf, guarded } from './storageErrors.ts';

/** The secret that programs show to the API: one for all workspaces of a user, in a file for that user alone. */
export interface ApiToken {
  readonly file: string;
  /** The token as it is now, since another server may have changed it; null where there is none, or nothing like one. */
  read(): string | null;
  /** Makes a token when there is none. */
  prepare(): Promise<void>;
  /** Makes a new one in the old one's place. */
  rotate(): Promise<void>;
}

/** Bytes of chance in a token. */
const TOKEN_BYTES = 32;

export function createApiToken(root: string): ApiToken {
  const file = join(root, 'api-token');
  const locked = (run: () => void) => withFileLock(`${file}.lock`, async () => guarded(run));
  return {
    file,
    read: () => readToken(file),
    async prepare() {
      if (readToken(file) !== null) return;
      // Two servers may start at one moment; the second finds what the first made.
      await locked(() => {
        if (readToken(file) === null) writeToken(file);
      });
    },
    rotate: () => locked(() => writeToken(file)),
  };
}

function readToken(file: string): string | null {
  try {
    const token = readFileSync(file, 'utf8').trim();
    if ((statSync(file).mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(file, 0o600);
    return /^[\w-]{43}$/.test(token) ? token : null;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

/** A reader at the same moment sees the old token or the new one. */
const writeToken = (file: string): void =>
  writePrivateFile(file, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`);
