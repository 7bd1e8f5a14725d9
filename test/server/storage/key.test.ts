import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { createFolders, type DataFolder, dataFolder } from '../../../server/storage/dataFolder.ts';
import { loadKey } from '../../../server/storage/key.ts';
import type { KeyringEntry } from '../../../server/storage/keyring.ts';
import { tempFolder } from '../../support/temp.ts';
import { allOf } from './processes.ts';

function newFolder(): Disposable & { location: DataFolder; path: string } {
  const temp = tempFolder('key');
  const location = dataFolder(temp.path, { OSPAIN2_DATA_DIR: temp.path, XDG_RUNTIME_DIR: temp.path });
  createFolders(location);
  return { location, path: temp.path, [Symbol.dispose]: () => temp[Symbol.dispose]() };
}

/** A keyring as the addon shows one; the real one is that of whoever runs the tests, and is left alone. */
function fakeKeyring(secrets = new Map<string, string>()) {
  const entry = (account: string): KeyringEntry => ({
    read: async () => secrets.get(account) ?? null,
    write: async (secret) => void secrets.set(account, secret),
  });
  return { secrets, open: async (account: string) => entry(account) };
}
const noKeyring = async () => undefined;
const auto = {};

test('without a keyring the key is a file for this user alone, with a warning, and stays the same', async () => {
  using folder = newFolder();
  const { location } = folder;
  const key = await loadKey({ location, env: auto, keyring: noKeyring });
  assert.match(key.hex96, /^[0-9a-f]{96}$/);
  assert.equal(key.store, 'file');
  assert.ok(key.warning?.includes(location.key));
  assert.equal(readFileSync(location.key, 'utf8').trim(), key.hex96);
  if (process.platform !== 'win32') {
    chmodSync(location.key, 0o644);
    assert.deepEqual(await loadKey({ location, env: auto, keyring: noKeyring }), key);
    assert.equal(statSync(location.key).mode & 0o777, 0o600, 'a mode that somebody widened is narrowed again');
  }
  assert.deepEqual(readdirSync(location.folder).sort(), ['key', 'key.lock'], 'nothing is left lying about');
});

test('with a keyring the key is there and in no file', async () => {
  using folder = newFolder();
  const { location } = folder;
  const keyring = fakeKeyring();
  const key = await loadKey({ location, env: auto, keyring: keyring.open });
  assert.deepEqual(key, { hex96: keyring.secrets.get(location.id) ?? '', store: 'keyring' });
  assert.equal(existsSync(location.key), false);
  assert.deepEqual(await loadKey({ location, env: auto, keyring: keyring.open }), key);
});

test('a key file that exists wins over a keyring that came later', async () => {
  using folder = newFolder();
  const { location } = folder;
  const key = await loadKey({ location, env: auto, keyring: noKeyring });
  const keyring = fakeKeyring(new Map([[location.id, 'f'.repeat(96)]]));
  assert.deepEqual(await loadKey({ location, env: auto, keyring: keyring.open }), key);
});

test('a keyring that fails or forgets is not trusted with a new key', async () => {
  const broken: KeyringEntry[] = [
    { read: () => Promise.reject(new Error('locked')), write: async () => {} },
    { read: async () => null, write: () => Promise.reject(new Error('denied')) },
    { read: async () => null, write: async () => {} },
  ];
  for (const entry of broken) {
    using folder = newFolder();
    const { location } = folder;
    assert.equal((await loadKey({ location, env: auto, keyring: async () => entry })).store, 'file');
    using other = newFolder();
    await assert.rejects(
      loadKey({ location: other.location, env: { OSPAIN2_KEY_STORE: 'keyring' }, keyring: async () => entry }),
      { code: 'key_unavailable' },
    );
    assert.equal(existsSync(other.location.key), false);
  }
});

test('of a keyring that does not answer no key is made anew, in no place', async () => {
  const silent = new OspainError('key_unavailable', 'No answer.');
  const entries: KeyringEntry[] = [
    { read: () => Promise.reject(silent), write: async () => {} },
    { read: async () => null, write: () => Promise.reject(silent) },
  ];
  for (const entry of entries)
    for (const store of ['auto', 'keyring']) {
      using folder = newFolder();
      const { location } = folder;
      const env = { OSPAIN2_KEY_STORE: store };
      await assert.rejects(loadKey({ location, env, keyring: async () => entry }), { code: 'key_unavailable' });
      assert.equal(existsSync(location.key), false);
    }
});

test('a new key is never made over an old database', async () => {
  for (const store of ['auto', 'keyring', 'file'])
    for (const keyring of [noKeyring, fakeKeyring().open])
      for (const name of ['ospain2.db', 'ospain2.db-wal']) {
        using folder = newFolder();
        const { location } = folder;
        writeFileSync(join(location.folder, name), 'what was encrypted');
        await assert.rejects(loadKey({ location, env: { OSPAIN2_KEY_STORE: store }, keyring }), {
          code: 'key_unavailable',
        });
        assert.equal(existsSync(location.key), false, `${store}: no key was made`);
      }
});

test('a damaged key is an error and stays as it is', async () => {
  using folder = newFolder();
  const { location } = folder;
  writeFileSync(location.key, 'abc');
  await assert.rejects(loadKey({ location, env: auto, keyring: noKeyring }), { code: 'key_unavailable' });
  assert.equal(readFileSync(location.key, 'utf8'), 'abc');
});

test('an unknown key store is an error', async () => {
  using folder = newFolder();
  await assert.rejects(loadKey({ location: folder.location, env: { OSPAIN2_KEY_STORE: 'cloud' } }), {
    code: 'invalid_params',
  });
});

test('five processes that open a new workspace at one moment agree on one key', { timeout: 120_000 }, async () => {
  using folder = newFolder();
  const keys = await allOf(5, 'firstKey.ts', [folder.path], {
    OSPAIN2_DATA_DIR: folder.path,
    OSPAIN2_KEY_STORE: 'file',
  });
  assert.equal(keys.length, 5);
  assert.equal(new Set(keys).size, 1);
});
