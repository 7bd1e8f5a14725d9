import { chmodSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { type KeyringEntry, openKeyring } from '../storage/keyring.ts';
import { writePrivateFile } from '../storage/privateFile.ts';
import { codeOf, guarded } from '../storage/storageErrors.ts';
import { SECRET_BYTES } from './derivation.ts';
import type { PlainStore, SecretPlace } from './keyFile.ts';

/** Where root secrets are by themselves, and keys that databases have of their own. */
export interface SecretStore {
  /** Undefined where it is not. Rejects with `key_unavailable` when the keyring does not answer, or what is there is damaged. */
  read(place: SecretPlace): Promise<Buffer | undefined>;
  /** Keeps it where it was wanted; `auto` is the keyring where there is one. Rejects with `key_unavailable`. */
  keep(wanted: PlainStore | 'auto', name: string, secret: Buffer): Promise<PlainStore>;
  /** What is not there is as good as removed. */
  remove(place: SecretPlace): Promise<void>;
  /** What the keyring has under the name of a database; undefined where there is no keyring that could be asked. */
  ownKey(id: string): Promise<string | null | undefined>;
  removeOwnKey(id: string): Promise<void>;
  fileOf(name: string): string;
}

export interface SecretStoreOptions {
  root: string;
  env: NodeJS.ProcessEnv;
  /** The keyring of this machine, or undefined when there is none. */
  keyring?: ((account: string, env: NodeJS.ProcessEnv) => Promise<KeyringEntry | undefined>) | undefined;
}

export function createSecretStore({ root, env, keyring = openKeyring }: SecretStoreOptions): SecretStore {
  const fileOf = (name: string) => join(root, `root-secret-${name}`);
  /** A keyring that cannot be used is as good as none. One that does not answer may hold the secret all the same. */
  const ask = async <T>(account: string, question: (entry: KeyringEntry) => Promise<T>): Promise<T | undefined> => {
    try {
      const entry = await keyring(account, env);
      return entry && (await question(entry));
    } catch (thrown) {
      if (thrown instanceof OspainError) throw thrown;
      return undefined;
    }
  };
  const account = (name: string) => `root-${name}`;

  return {
    fileOf,
    async read({ store, name }) {
      const text =
        store === 'file'
          ? guarded(() => readSecretFile(fileOf(name)))
          : await ask(account(name), (entry) => entry.read());
      return text === undefined || text === null ? undefined : secretOf(text);
    },
    async keep(wanted, name, secret) {
      const text = secret.toString('hex');
      if (wanted !== 'file') {
        // Whether it gives back what it was given: without that nothing is encrypted with it.
        const kept = await ask(account(name), async (entry) => {
          await entry.write(text);
          return (await entry.read()) === text;
        });
        if (kept === true) return 'keyring';
        if (wanted === 'keyring')
          throw new OspainError('key_unavailable', 'The keyring of the operating system cannot be used.', {
            hint: 'Unlock it, or keep the secret in a file (OSPAIN2_KEY_STORE=file) or under a passphrase.',
          });
      }
      guarded(() => writePrivateFile(fileOf(name), `${text}\n`));
      return 'file';
    },
    async remove({ store, name }) {
      if (store === 'file') guarded(() => rmSync(fileOf(name), { force: true }));
      else await ask(account(name), (entry) => entry.remove());
    },
    ownKey: (id) => ask(id, (entry) => entry.read()),
    async removeOwnKey(id) {
      await ask(id, (entry) => entry.remove());
    },
  };
}

function secretOf(text: string): Buffer {
  const secret = Buffer.from(text.trim(), 'hex');
  if (secret.length === SECRET_BYTES && secret.toString('hex') === text.trim()) return secret;
  throw new OspainError('key_unavailable', 'The stored root secret is damaged.', {
    hint: 'Put the right one back, or use the recovery key: ospain2 key recover',
  });
}

/** A mode that somebody widened is narrowed again. Undefined where there is none. */
export function readSecretFile(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    if ((statSync(file).mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(file, 0o600);
    return text;
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
