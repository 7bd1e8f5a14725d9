import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { OspainError } from '../../protocol/index.ts';
import type { DataFolder } from './dataFolder.ts';
import { withFileLock } from './fileLock.ts';
import { type KeyringEntry, openKeyring } from './keyring.ts';
import { writePrivateFile } from './privateFile.ts';
import { codeOf, guarded } from './storageErrors.ts';

export interface DatabaseKey {
  /** 32 bytes of key and 16 of salt, in hexadecimal. */
  hex96: string;
  store: 'keyring' | 'file';
  /** One sentence for the person, when the key is kept in a weaker place than a keyring. */
  warning?: string;
}

/** A database, and where its key may be. */
export type KeyPlace = Pick<DataFolder, 'id' | 'key' | 'database'>;

export interface KeyOptions {
  location: KeyPlace;
  env?: NodeJS.ProcessEnv;
  /** The keyring of this machine, or undefined when there is none. */
  keyring?: (account: string, env: NodeJS.ProcessEnv) => Promise<KeyringEntry | undefined>;
}

/**
 * The key of a database: the one that exists, or a new one when there is no database yet. A new key is
 * never made over an old database: that would only hide that the right one is lost.
 */
export async function loadKey({
  location,
  env = process.env,
  keyring = openKeyring,
}: KeyOptions): Promise<DatabaseKey> {
  const wanted = storeOf(env);
  const ring = async () => (wanted === 'file' ? undefined : await ringOf(location, env, keyring));
  const found = await findKey(location, wanted, ring);
  if (found) return found;
  // Two servers may open a new workspace at one moment; the second finds what the first made.
  return withFileLock(`${location.key}.lock`, async () => {
    const made = await findKey(location, wanted, ring);
    return made ?? createKey(location, wanted, await ring());
  });
}

type Wanted = 'auto' | 'keyring' | 'file';

function storeOf(env: NodeJS.ProcessEnv): Wanted {
  const wanted = env['OSPAIN2_KEY_STORE'] || 'auto';
  if (wanted === 'auto' || wanted === 'keyring' || wanted === 'file') return wanted;
  throw new OspainError('invalid_params', 'OSPAIN2_KEY_STORE is not auto, keyring or file.');
}

/** A keyring together with what it answered. */
interface Ring {
  entry: KeyringEntry;
  secret: string | null;
}

async function ringOf(
  { id }: KeyPlace,
  env: NodeJS.ProcessEnv,
  keyring: NonNullable<KeyOptions['keyring']>,
): Promise<Ring | undefined> {
  try {
    const entry = await keyring(id, env);
    return entry && { entry, secret: await entry.read() };
  } catch (thrown) {
    return unlessSilent(thrown);
  }
}

/**
 * A keyring that cannot be used is as good as none. One that does not answer may hold the key all the same: another one
 * must not be made in its place.
 */
function unlessSilent(thrown: unknown): undefined {
  if (thrown instanceof OspainError) throw thrown;
}

async function findKey(
  location: KeyPlace,
  wanted: Wanted,
  ring: () => Promise<Ring | undefined>,
): Promise<DatabaseKey | undefined> {
  // A key file is there only because the database was made with it, so it is right wherever it exists.
  const filed = wanted === 'keyring' ? undefined : guarded(() => readKeyFile(location.key));
  if (filed !== undefined) return fileKey(valid(filed, location), location);
  const answer = await ring();
  if (answer?.secret) return { hex96: valid(answer.secret, location), store: 'keyring' };
  if (!hasDatabase(location)) return undefined;
  throw new OspainError('key_unavailable', 'The key of the database was not found.', {
    hint:
      wanted === 'file' || answer
        ? `Put it back to ${location.key}, or move ${location.database} away to start afresh.`
        : 'The keyring of the operating system cannot be used: start or unlock it, then try again.',
  });
}

async function createKey(location: KeyPlace, wanted: Wanted, ring: Ring | undefined): Promise<DatabaseKey> {
  const hex96 = randomBytes(48).toString('hex');
  if (ring && (await keeps(ring.entry, hex96))) return { hex96, store: 'keyring' };
  if (wanted === 'keyring')
    throw new OspainError('key_unavailable', 'The keyring of the operating system cannot be used.', {
      hint: 'Unlock it, or set OSPAIN2_KEY_STORE=file to keep the key in a file of your home folder.',
    });
  // On the disk before anything is encrypted with it.
  guarded(() => writePrivateFile(location.key, `${hex96}\n`));
  return fileKey(hex96, location);
}

/** Whether the keyring gives back what it was given; without that no database is made with it. */
async function keeps(entry: KeyringEntry, secret: string): Promise<boolean> {
  try {
    await entry.write(secret);
    return (await entry.read()) === secret;
  } catch (thrown) {
    return unlessSilent(thrown) ?? false;
  }
}

const fileKey = (hex96: string, { key }: KeyPlace): DatabaseKey => ({
  hex96,
  store: 'file',
  warning: `No keyring is in use: the database key is in ${key}, so whoever can read that file can read your tasks.`,
});

function valid(secret: string, { key }: KeyPlace): string {
  const hex96 = secret.trim();
  if (/^[0-9a-f]{96}$/.test(hex96)) return hex96;
  throw new OspainError('key_unavailable', 'The stored database key is damaged.', {
    hint: `Put the right one back to ${key}; OSPAiN2 does not replace it.`,
  });
}

function readKeyFile(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    if ((statSync(file).mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(file, 0o600);
    return text;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function hasDatabase({ database }: KeyPlace): boolean {
  return [database, `${database}-wal`].some((file) => (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0);
}
