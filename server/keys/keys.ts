import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import type { DatabasePlace } from '../storage/dataFolder.ts';
import { withFileLock } from '../storage/fileLock.ts';
import { hasContent, keyFits } from '../storage/fittingKey.ts';
import { guarded } from '../storage/storageErrors.ts';
import { databaseKey, SECRET_BYTES } from './derivation.ts';
import {
  damagedFile,
  type Former,
  type KeyFacts,
  type KeyFile,
  NOTHING_FORMER,
  readFormer,
  readKeyFile,
  writeKeyFile,
} from './keyFile.ts';
import { unwrapByPassphrase } from './passphrase.ts';
import { createSecretStore, readSecretFile, type SecretStore, type SecretStoreOptions } from './secretStore.ts';

export interface KeysOptions extends SecretStoreOptions {
  /** All databases of this user that are there. */
  places(): DatabasePlace[];
}

/** The root secret, and what is sealed with it. */
export interface OpenRoot {
  file: KeyFile;
  secret: Buffer;
  former: Former;
}

export interface FoundKey {
  /** 96 hexadecimal digits. */
  hex96: string;
  /** `current`: of the root secret; `former`: of an earlier one, or kept by it; `own`: the database's own, beside it or in the keyring. */
  origin: 'current' | 'former' | 'own';
}

/** The keys of this user's databases: all made of one root secret, which is in this process only while `state` is `open`. */
export interface Keys {
  /** Of `keys.json`. */
  readonly path: string;
  readonly secrets: SecretStore;
  readonly places: KeysOptions['places'];
  /** `missing`: the root secret is not where it should be, or `keys.json` is damaged. */
  state(): 'open' | 'locked' | 'missing';
  /** How the root secret is kept; null where that cannot be read. */
  file(): KeyFile | null;
  /** One sentence for the person, when the secret is kept in a weaker place than a keyring. */
  warning(): string | undefined;
  /** Throws what keeps it closed: `key_locked` or `key_unavailable`. */
  root(): OpenRoot;
  problem(): OspainError | null;
  /** Looks again how the root secret is kept: another server may have changed it. Rejects only where nothing can be read or made. */
  load(): Promise<void>;
  /** Throws `key_wrong` for another passphrase. */
  unlock(passphrase: string): Promise<void>;
  /** Wipes the root secret. Throws `wrong_state` where no passphrase would be needed to have it back. */
  lock(): void;
  /** Wipes it, for who ends. */
  dispose(): void;
  /** Runs what changes `keys.json`, one at a time over all servers, on what it is now. */
  changing<T>(change: (root: OpenRoot) => Promise<T>): Promise<T>;
  /** Puts `keys.json` in place, and goes on with it. */
  write(secret: Buffer, facts: KeyFacts, former: Former): void;
  /** The key that opens a database, or a file that was one; that of the root secret where there is none yet. Rejects with `key_wrong`. */
  keyOf(place: DatabasePlace, file?: string): Promise<FoundKey>;
}

/** Finds the root secret, or makes it where there are no databases yet. */
export async function createKeys(options: KeysOptions): Promise<Keys> {
  const path = join(options.root, 'keys.json');
  const secrets = createSecretStore(options);
  let file: KeyFile | null = null;
  let open: OpenRoot | null = null;
  let problem: OspainError | null = null;

  const forget = () => {
    open?.secret.fill(0);
    open = null;
  };
  const take = (next: KeyFile, secret: Buffer) => {
    const former = readFormer(next, secret);
    if (former === undefined) throw damagedFile(path);
    if (open?.secret !== secret) forget();
    [file, problem, open] = [next, null, { file: next, secret, former }];
  };
  const close = (why: OspainError) => {
    forget();
    problem = why;
  };

  const make = () =>
    withFileLock(`${path}.lock`, async () => {
      // Two servers may start at one moment; the second finds what the first made.
      if (readKeyFile(path) !== null) return;
      await assertNothingIsLost(path, options.places(), secrets);
      const [name, secret] = [randomBytes(8).toString('hex'), randomBytes(SECRET_BYTES)];
      const store = await secrets.keep(storeOf(options.env), name, secret);
      writeKeyFile(path, secret, { name, store, passphrase: null, recovery: null }, NOTHING_FORMER);
    });

  const find = async (found: KeyFile) => {
    file = found;
    if (open !== null && open.file.name === found.name) return take(found, open.secret);
    const { store, name } = found;
    if (store === 'passphrase') return close(locked());
    const secret = await secrets.read({ store, name });
    if (secret === undefined)
      throw missing(store === 'file' ? secrets.fileOf(name) : 'the keyring of the operating system');
    take(found, secret);
  };

  const load = async () => {
    try {
      if (readKeyFile(path) === null) await make();
      await find(readKeyFile(path) ?? fail(damagedFile(path)));
    } catch (thrown) {
      const error = OspainError.from(thrown);
      if (error.code !== 'key_unavailable') throw thrown;
      close(error);
    }
  };

  const root = (): OpenRoot => open ?? fail(problem ?? locked());
  await load();

  return {
    ...{ path, secrets, places: options.places, load, root },
    state: () => (open !== null ? 'open' : problem?.code === 'key_locked' ? 'locked' : 'missing'),
    file: () => file,
    problem: () => (open === null ? problem : null),
    warning: () => (open?.file.store === 'file' ? fileWarning(secrets.fileOf(open.file.name)) : undefined),
    async unlock(passphrase) {
      const found = readKeyFile(path);
      if (found?.passphrase == null) return load();
      const secret = await unwrapByPassphrase(found.passphrase, found.name, passphrase);
      if (secret === undefined) throw wrongPassphrase();
      take(found, secret);
    },
    lock() {
      if (open !== null && open.file.store !== 'passphrase')
        throw new OspainError('wrong_state', 'There is no passphrase, so locking would protect nothing.', {
          hint: 'Set one first: ospain2 key passphrase set',
        });
      if (open !== null) close(locked());
    },
    dispose: forget,
    changing: (change) =>
      withFileLock(`${path}.lock`, async () => {
        await find(readKeyFile(path) ?? fail(damagedFile(path)));
        return change(root());
      }),
    write: (secret, facts, former) => take(writeKeyFile(path, secret, facts, former), secret),
    async keyOf(place, database = place.database) {
      const held = root();
      const current = databaseKey(held.secret, place.id);
      if (!hasContent(database)) return { hex96: current, origin: 'current' };
      for await (const key of candidates(place, held, secrets)) if (await keyFits(database, key.hex96)) return key;
      throw noKey(database);
    },
  };
}

/** Those that are likely first; the keyring is asked last, since it may be slow. */
async function* candidates(
  place: DatabasePlace,
  { secret, former }: OpenRoot,
  secrets: SecretStore,
): AsyncGenerator<FoundKey> {
  yield { hex96: databaseKey(secret, place.id), origin: 'current' };
  for (const earlier of former.secrets)
    yield { hex96: databaseKey(Buffer.from(earlier, 'hex'), place.id), origin: 'former' };
  for (const hex96 of former.own[place.id] ?? []) yield { hex96, origin: 'former' };
  const own = await ownKey(place, secrets);
  if (own !== undefined) yield { hex96: own, origin: 'own' };
}

/** A key that a database has of its own, in its file or else in the keyring. */
export async function ownKey({ id, key }: DatabasePlace, secrets: SecretStore): Promise<string | undefined> {
  const text = guarded(() => readSecretFile(key)) ?? (await secrets.ownKey(id)) ?? undefined;
  const hex96 = text?.trim();
  return hex96 !== undefined && /^[0-9a-f]{96}$/.test(hex96) ? hex96 : undefined;
}

/** A new root secret is never made where another one is lost: that would only hide it. */
async function assertNothingIsLost(
  path: string,
  places: readonly DatabasePlace[],
  secrets: SecretStore,
): Promise<void> {
  for (const place of places) {
    if (!hasContent(place.database) || (await ownKey(place, secrets)) !== undefined) continue;
    throw new OspainError('key_unavailable', `There is no ${path}, and no key of its own for ${place.database}.`, {
      hint: 'Put it back, or start or unlock the keyring of the operating system. To start afresh and keep what is there: ospain2 key set-aside',
    });
  }
}

function storeOf(env: NodeJS.ProcessEnv): 'auto' | 'keyring' | 'file' {
  const wanted = env['OSPAIN2_KEY_STORE'] || 'auto';
  if (wanted === 'auto' || wanted === 'keyring' || wanted === 'file') return wanted;
  throw new OspainError('invalid_params', 'OSPAIN2_KEY_STORE is not auto, keyring or file.');
}

function fail(error: OspainError): never {
  throw error;
}

const locked = (): OspainError =>
  new OspainError('key_locked', 'OSPAiN2 is locked.', {
    hint: 'Unlock it with its passphrase: ospain2 key unlock, or OSPAiN2: Unlock in VS Code.',
  });

export const wrongPassphrase = (): OspainError =>
  new OspainError('key_wrong', 'This is not the passphrase.', {
    hint: 'Try again. If it is lost, the recovery key sets another one: ospain2 key recover',
  });

const missing = (where: string): OspainError =>
  new OspainError('key_unavailable', `The root secret was not found: ${where} does not have it.`, {
    hint: 'Put it back, or use the recovery key: ospain2 key recover. To start afresh and keep what is there: ospain2 key set-aside',
  });

const noKey = (database: string): OspainError =>
  new OspainError('key_wrong', 'No key of this user opens the database.', {
    hint: `Nothing was changed. Put back the keys.json or the key that belongs to ${database}, restore a backup, or start afresh and keep what is there: ospain2 key set-aside`,
  });

const fileWarning = (file: string): string =>
  `No keyring is in use: the root secret is in ${file}, so whoever can read that file can read your tasks. A passphrase is safer: ospain2 key passphrase set`;
