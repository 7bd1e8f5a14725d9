import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createKeyChanges, type KeyChanges } from '../../../server/keys/keyChanges.ts';
import type { Keys } from '../../../server/keys/keys.ts';
import { type ModelFolder, modelFolder } from '../../../server/models/modelFolder.ts';
import { modelMigrations } from '../../../server/models/schema.ts';
import { openDatabase } from '../../../server/storage/database.ts';
import { createFolders, type DatabasePlace, type DataFolder, dataFolder } from '../../../server/storage/dataFolder.ts';
import type { KeyringEntry } from '../../../server/storage/keyring.ts';
import { tempFolder } from '../../support/temp.ts';
import { userKeys } from '../../support/userKeys.ts';
import { addTasks, textsOf } from '../storage/workspaceData.ts';

/** A keyring as the addon shows one; the real one is that of whoever runs the tests, and is left alone. */
export function fakeKeyring(secrets = new Map<string, string>()) {
  const entry = (account: string): KeyringEntry => ({
    read: async () => secrets.get(account) ?? null,
    write: async (secret) => void secrets.set(account, secret),
    remove: async () => void secrets.delete(account),
  });
  return { secrets, open: async (account: string) => entry(account) };
}
export const noKeyring = async () => undefined;

type Keyring = ReturnType<typeof fakeKeyring>['open'] | typeof noKeyring;

export interface KeyMachine extends Disposable {
  root: string;
  path: string;
  first: DataFolder;
  second: DataFolder;
  models: ModelFolder;
  keys(keyring?: Keyring, env?: NodeJS.ProcessEnv): Promise<Keys>;
  /** Argon2id with next to no cost, which nothing but tests may say. */
  changes(keys: Keys): KeyChanges;
}

/** The data folder of a user with two workspaces, in which nothing is yet. */
export function keyMachine(): KeyMachine {
  const temp = tempFolder('keys');
  const env = { OSPAIN2_DATA_DIR: join(temp.path, 'data'), XDG_RUNTIME_DIR: temp.path };
  const [first, second] = ['first', 'second'].map((name) => {
    const location = dataFolder(join(temp.path, name), env);
    createFolders(location);
    return location;
  }) as [DataFolder, DataFolder];
  const models = modelFolder(first);
  mkdirSync(models.folder, { mode: 0o700 });
  return {
    ...{ root: first.root, path: temp.path, first, second, models },
    keys: (keyring = noKeyring, more = {}) => userKeys({ root: first.root, env: { ...more }, keyring }),
    changes: (keys) => createKeyChanges(keys, { memoryKib: 8, passes: 1, lanes: 1 }),
    [Symbol.dispose]: () => temp[Symbol.dispose](),
  };
}

/** Writes one task into each workspace, and a registry. */
export async function fill(
  { first, second, models }: KeyMachine,
  keyOf: (place: DatabasePlace) => Promise<string>,
): Promise<void> {
  for (const [place, text] of [
    [first, 'of the first'],
    [second, 'of the second'],
  ] as const) {
    const db = await openDatabase({ file: place.database, key: await keyOf(place) });
    addTasks(db, text);
    db.close();
  }
  (await openDatabase({ file: models.database, key: await keyOf(models), migrations: modelMigrations })).close();
}

/** As an earlier version left it: each database has a key of its own, in a file. */
export async function fillAsBefore(machine: KeyMachine): Promise<void> {
  await fill(machine, async ({ key }) => {
    const hex96 = randomBytes(48).toString('hex');
    writeFileSync(key, `${hex96}\n`, { mode: 0o600 });
    return hex96;
  });
}

/** The texts of all tasks, read with these keys. */
export async function textsWith(keys: Keys, ...places: readonly DatabasePlace[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of places) {
    const db = await openDatabase({ file: place.database, key: (await keys.keyOf(place)).hex96 });
    found.push(...textsOf(db));
    db.close();
  }
  return found;
}

/** The same data folder elsewhere, as it would be on another machine. */
export function copyData(from: KeyMachine, to: KeyMachine): void {
  cpSync(from.root, to.root, { recursive: true });
  chmodSync(to.root, 0o700);
}

export const textOf = (path: string): string => readFileSync(path, 'utf8');
