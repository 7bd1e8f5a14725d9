import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OspainError } from '../../protocol/index.ts';
import { withFileLock } from '../storage/fileLock.ts';
import { guarded } from '../storage/storageErrors.ts';
import { SECRET_BYTES } from './derivation.ts';
import { damagedFile, type Former, type KeyFacts, type PlainStore, readFormer, readKeyFile } from './keyFile.ts';
import { type Keys, type OpenRoot, ownKey, wrongPassphrase } from './keys.ts';
import { type PassphraseCost, RECOMMENDED, unwrapByPassphrase, wrapByPassphrase } from './passphrase.ts';
import {
  newRecoveryKey,
  readRecoveryKey,
  showRecoveryKey,
  unwrapByRecoveryKey,
  wrapByRecoveryKey,
} from './recoveryKey.ts';

/** Where the root secret is to be. */
export type Keeping = { store: PlainStore | 'auto' } | { store: 'passphrase'; passphrase: string };

/** What a person does to the root secret. Each is done whole or not at all, whenever this process dies. */
export interface KeyChanges {
  /** Throws `key_wrong` where there is a passphrase and this is not it. */
  prove(passphrase: string | undefined): Promise<void>;
  /** A new root secret in the old one's place, which from then on is kept sealed with it. Databases are to be moved afterwards. */
  replace(keeping: Keeping): Promise<void>;
  /** Takes away what nothing needs once all databases were moved. */
  tidy(): Promise<void>;
  /** The same root secret under another passphrase. */
  changePassphrase(passphrase: string): Promise<void>;
  /** Makes a recovery key, which is kept nowhere; an earlier one is worth nothing then. */
  createRecovery(): Promise<string>;
  /** The same root secret, kept another way, by who has the recovery key. Throws `key_wrong`. */
  recover(recoveryKey: string, keeping: Keeping): Promise<void>;
}

export function createKeyChanges(keys: Keys, cost: PassphraseCost = RECOMMENDED): KeyChanges {
  /** Keeps it, and says how. */
  const keep = async (
    keeping: Keeping,
    name: string,
    secret: Buffer,
  ): Promise<Pick<KeyFacts, 'store' | 'passphrase'>> =>
    keeping.store === 'passphrase'
      ? { store: 'passphrase', passphrase: await wrapByPassphrase(secret, name, keeping.passphrase, cost) }
      : { store: await keys.secrets.keep(keeping.store, name, secret), passphrase: null };

  const change = (facts: (root: OpenRoot) => Promise<Partial<KeyFacts>>) =>
    keys.changing(async (root) => {
      const { name, store, passphrase, recovery } = root.file;
      keys.write(root.secret, { ...{ name, store, passphrase, recovery }, ...(await facts(root)) }, root.former);
    });

  return {
    async prove(passphrase) {
      const { file } = keys.root();
      if (file.passphrase === null) return;
      const secret = await unwrapByPassphrase(file.passphrase, file.name, passphrase ?? '');
      if (secret === undefined) throw wrongPassphrase();
      secret.fill(0);
    },
    replace: (keeping) =>
      keys.changing(async ({ file, secret, former }) => {
        const own = await allOwnKeys(keys, former);
        const [name, next] = [randomBytes(8).toString('hex'), randomBytes(SECRET_BYTES)];
        const facts = await keep(keeping, name, next);
        keys.write(
          next,
          { name, ...facts, recovery: null },
          {
            secrets: [secret.toString('hex'), ...former.secrets],
            own,
            leftovers: [...former.leftovers, ...placeOf(file)],
          },
        );
      }),
    tidy: () =>
      keys.changing(async ({ file, secret, former }) => {
        for (const place of keys.places()) {
          const own = await ownKey(place, keys.secrets);
          // Only what is known otherwise.
          if (own === undefined || former.own[place.id]?.includes(own) !== true) continue;
          guarded(() => rmSync(place.key, { force: true }));
          await keys.secrets.removeOwnKey(place.id);
        }
        for (const place of former.leftovers) await keys.secrets.remove(place);
        // What a process made that died before it was named.
        for (const path of strayFiles(keys)) guarded(() => rmSync(path, { force: true }));
        const { name, store, passphrase, recovery } = file;
        keys.write(secret, { name, store, passphrase, recovery }, { ...former, leftovers: [] });
      }),
    changePassphrase: (passphrase) =>
      change(async ({ file, secret }) => ({ passphrase: await wrapByPassphrase(secret, file.name, passphrase, cost) })),
    async createRecovery() {
      const key = newRecoveryKey();
      await change(async ({ file, secret }) => ({ recovery: wrapByRecoveryKey(secret, file.name, key) }));
      return showRecoveryKey(key);
    },
    recover: (recoveryKey, keeping) =>
      withFileLock(`${keys.path}.lock`, async () => {
        const file = readKeyFile(keys.path);
        if (file?.recovery == null)
          throw new OspainError('wrong_state', 'No recovery key was made for what is kept here.', {
            hint: 'A recovery key belongs to the keys.json of its time; put that back if you have it.',
          });
        const secret = unwrapByRecoveryKey(file.recovery, file.name, readRecoveryKey(recoveryKey));
        if (secret === undefined)
          throw new OspainError(
            'key_wrong',
            'This recovery key is of another time: it does not open what is kept here.',
            {
              hint: 'Each new recovery key and each rotation makes the one before worth nothing.',
            },
          );
        const former = readFormer(file, secret);
        if (former === undefined) throw damagedFile(keys.path);
        const { name, recovery } = file;
        const kept = await keep(keeping, name, secret);
        const leftovers = kept.store === file.store ? [] : placeOf(file);
        keys.write(secret, { name, ...kept, recovery }, { ...former, leftovers: [...former.leftovers, ...leftovers] });
      }),
  };
}

/** Where a root secret lies that is not kept under a passphrase. */
const placeOf = ({ store, name }: Pick<KeyFacts, 'store' | 'name'>): Former['leftovers'] =>
  store === 'passphrase' ? [] : [{ store, name }];

/** Of all databases that still have one. */
async function allOwnKeys(keys: Keys, former: Former): Promise<Former['own']> {
  const own = { ...former.own };
  for (const place of keys.places()) {
    const key = await ownKey(place, keys.secrets);
    if (key !== undefined) own[place.id] = [...new Set([key, ...(own[place.id] ?? [])])];
  }
  return own;
}

function strayFiles({ secrets, root }: Keys): string[] {
  const named = secrets.fileOf(root().file.name);
  const beginning = basename(secrets.fileOf(''));
  return guarded(() => readdirSync(dirname(named)))
    .filter((name) => name.startsWith(beginning) && /^[0-9a-f]{16}$/.test(name.slice(beginning.length)))
    .map((name) => join(dirname(named), name))
    .filter((path) => path !== named || root().file.store !== 'file');
}
