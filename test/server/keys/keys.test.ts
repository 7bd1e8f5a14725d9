import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { moveDatabases } from '../../../server/keys/rotation.ts';
import { setAside } from '../../../server/keys/setAside.ts';
import { dataFolder } from '../../../server/storage/dataFolder.ts';
import type { KeyringEntry } from '../../../server/storage/keyring.ts';
import { allOf } from '../storage/processes.ts';
import { writeDatabase } from '../storage/workspaceData.ts';
import {
  copyData,
  fakeKeyring,
  fill,
  fillAsBefore,
  type KeyMachine,
  keyMachine,
  textOf,
  textsWith,
} from './keyMachine.ts';

const PASSPHRASE = 'four words and a number 7';
const derive = async (machine: KeyMachine, keys: Awaited<ReturnType<KeyMachine['keys']>>) =>
  fill(machine, async (place) => (await keys.keyOf(place)).hex96);
const secretFiles = ({ root }: KeyMachine) =>
  readdirSync(root).filter((name) => name.startsWith('root-secret') && !name.endsWith('.lock'));

/** A machine with data under a passphrase, and its keys, open. */
async function withPassphrase(machine: KeyMachine) {
  const keys = await machine.keys();
  await derive(machine, keys);
  const changes = machine.changes(keys);
  await changes.replace({ store: 'passphrase', passphrase: PASSPHRASE });
  await moveDatabases(keys);
  await changes.tidy();
  return { keys, changes };
}

test('without a keyring the root secret is a file for this user alone, with a warning, and stays the same', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  assert.deepEqual([keys.state(), keys.file()?.store], ['open', 'file']);
  const [name = ''] = secretFiles(machine);
  const file = join(machine.root, name);
  assert.ok(keys.warning()?.includes(file));
  const secret = readFileSync(file, 'utf8').trim();
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.equal(textOf(keys.path).includes(secret), false);
  const { hex96 } = await keys.keyOf(machine.first);
  assert.match(hex96, /^[0-9a-f]{96}$/);
  assert.notEqual(hex96, (await keys.keyOf(machine.second)).hex96, 'each database has a key of its own');
  if (process.platform !== 'win32') {
    for (const path of [file, keys.path]) assert.equal(statSync(path).mode & 0o777, 0o600);
    chmodSync(file, 0o644);
    assert.equal((await (await machine.keys()).keyOf(machine.first)).hex96, hex96);
    assert.equal(statSync(file).mode & 0o777, 0o600, 'a mode that somebody widened is narrowed again');
  }
});

test('with a keyring the root secret is there and in no file', async () => {
  using machine = keyMachine();
  const keyring = fakeKeyring();
  const keys = await machine.keys(keyring.open);
  assert.equal(keys.file()?.store, 'keyring');
  assert.deepEqual(secretFiles(machine), []);
  assert.equal(keys.warning(), undefined);
  assert.deepEqual([...keyring.secrets.keys()], [`root-${keys.file()?.name}`]);
  const again = await machine.keys(keyring.open);
  assert.deepEqual(await again.keyOf(machine.first), await keys.keyOf(machine.first));
});

test('a keyring that fails or forgets is not trusted with a new secret', async () => {
  const remove = async () => {};
  const broken: KeyringEntry[] = [
    { read: () => Promise.reject(new Error('locked')), write: async () => {}, remove },
    { read: async () => null, write: () => Promise.reject(new Error('denied')), remove },
    { read: async () => null, write: async () => {}, remove },
  ];
  for (const entry of broken) {
    using machine = keyMachine();
    assert.equal((await machine.keys(async () => entry as never)).file()?.store, 'file');
    using other = keyMachine();
    const keys = await other.keys(async () => entry as never, { OSPAIN2_KEY_STORE: 'keyring' });
    assert.equal(keys.problem()?.code, 'key_unavailable');
    assert.deepEqual(secretFiles(other), []);
  }
});

test('of a keyring that does not answer no secret is made anew, in no place', async () => {
  const silent = new OspainError('key_unavailable', 'No answer.');
  const [read, write, remove] = [async () => null, async () => {}, async () => {}];
  const entries: KeyringEntry[] = [
    { read: () => Promise.reject(silent), write, remove },
    { read, write: () => Promise.reject(silent), remove },
  ];
  for (const entry of entries)
    for (const store of ['auto', 'keyring']) {
      using machine = keyMachine();
      const keys = await machine.keys(async () => entry as never, { OSPAIN2_KEY_STORE: store });
      assert.deepEqual([keys.state(), keys.problem()?.code], ['missing', 'key_unavailable']);
      assert.throws(keys.root, { code: 'key_unavailable' });
      assert.deepEqual(secretFiles(machine), []);
      assert.equal(existsSync(keys.path), false);
    }
});

test('an unknown key store is an error', async () => {
  using machine = keyMachine();
  await assert.rejects(machine.keys(undefined, { OSPAIN2_KEY_STORE: 'cloud' }), { code: 'invalid_params' });
});

test('a root secret is never made where another is lost', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  await derive(machine, keys);
  rmSync(keys.path);
  const lost = await machine.keys();
  assert.deepEqual([lost.state(), existsSync(keys.path)], ['missing', false]);
  assert.match(lost.problem()?.hint ?? '', /set-aside/);
});

test('a secret that is gone or another’s opens nothing, and everything is as it was', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  await derive(machine, keys);
  const [name = ''] = secretFiles(machine);
  const file = join(machine.root, name);
  const secret = textOf(file);
  for (const wrong of [null, '', 'abc', '0'.repeat(64), secret.slice(2), `${secret}00`]) {
    if (wrong === null) rmSync(file);
    else writeFileSync(file, wrong);
    const closed = await machine.keys();
    assert.deepEqual([closed.state(), closed.problem()?.code], ['missing', 'key_unavailable'], String(wrong));
    await assert.rejects(closed.keyOf(machine.first), { code: 'key_unavailable' });
    assert.equal(wrong === null ? existsSync(file) : textOf(file) === wrong, wrong !== null);
  }
  writeFileSync(file, secret);
  assert.deepEqual(await textsWith(await machine.keys(), machine.first), ['of the first']);
});

test('a database of another user is refused by name, and left as it is', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  await writeDatabase(machine.first.database, ['of somebody else'], 'ab'.repeat(48));
  const before = readFileSync(machine.first.database);
  await assert.rejects(keys.keyOf(machine.first), { code: 'key_wrong', hint: /ospain2\.db/ });
  assert.deepEqual(readFileSync(machine.first.database), before);
});

test('five processes that start at one moment agree on one root secret', { timeout: 120_000 }, async () => {
  using machine = keyMachine();
  const keys = await allOf(5, '../keys/firstSecret.ts', [machine.path], {
    OSPAIN2_DATA_DIR: machine.root,
    OSPAIN2_KEY_STORE: 'file',
  });
  assert.equal(keys.length, 5);
  assert.equal(new Set(keys).size, 1);
  assert.equal(dataFolder(machine.path, { OSPAIN2_DATA_DIR: machine.root }).root, machine.root);
});

test('under a passphrase nothing on the disk opens anything, and only that passphrase does', async () => {
  using machine = keyMachine();
  const { first, second } = machine;
  const { keys } = await withPassphrase(machine);
  assert.deepEqual(secretFiles(machine), []);
  const locked = await machine.keys();
  assert.equal(locked.state(), 'locked');
  await assert.rejects(locked.keyOf(first), { code: 'key_locked' });
  for (const wrong of ['', ' ', PASSPHRASE.toUpperCase(), `${PASSPHRASE} `, PASSPHRASE.slice(1)])
    await assert.rejects(locked.unlock(wrong), { code: 'key_wrong' }, wrong);
  assert.equal(locked.state(), 'locked');
  await locked.unlock(PASSPHRASE);
  assert.deepEqual(await textsWith(locked, first, second), ['of the first', 'of the second']);
  const { secret } = keys.root();
  keys.lock();
  assert.deepEqual(secret, Buffer.alloc(32), 'the secret is wiped');
  assert.throws(keys.root, { code: 'key_locked' });
});

test('a passphrase is the same however a keyboard writes it', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  await machine.changes(keys).replace({ store: 'passphrase', passphrase: 'ein Käse und ﬁnf Mäuse' });
  keys.lock();
  await keys.unlock('ein Ka\u0308se und finf Ma\u0308use');
  assert.equal(keys.state(), 'open');
});

test('an empty, short or simple passphrase is refused, with what to do, and nothing changes', async () => {
  using machine = keyMachine();
  const keys = await machine.keys();
  const before = textOf(keys.path);
  for (const passphrase of ['', 'short', 'a'.repeat(40), 'ababababababab'])
    await assert.rejects(
      machine.changes(keys).replace({ store: 'passphrase', passphrase }),
      (error: OspainError) => error.code === 'invalid_params' && /at least 12/.test(error.hint ?? ''),
    );
  assert.equal(textOf(keys.path), before);
  assert.equal(secretFiles(machine).length, 1);
});

test('a changed passphrase is the one that counts, for the other server too', async () => {
  using machine = keyMachine();
  const { keys, changes } = await withPassphrase(machine);
  const other = await machine.keys();
  await other.unlock(PASSPHRASE);
  await assert.rejects(changes.prove('another one altogether'), { code: 'key_wrong' });
  await assert.rejects(changes.prove(undefined), { code: 'key_wrong' });
  await changes.prove(PASSPHRASE);
  await changes.changePassphrase('another one altogether');
  await other.load();
  assert.equal(other.state(), 'open', 'the secret is the same');
  other.lock();
  await assert.rejects(other.unlock(PASSPHRASE), { code: 'key_wrong' });
  await other.unlock('another one altogether');
  await changes.replace({ store: 'passphrase', passphrase: PASSPHRASE });
  await other.load();
  assert.equal(other.state(), 'locked', 'another secret has to be unlocked anew');
  assert.equal(keys.state(), 'open');
});

test('any byte of keys.json that is not as it was: refused, and never another key', async () => {
  using machine = keyMachine();
  const { changes } = await withPassphrase(machine);
  await changes.createRecovery();
  const path = join(machine.root, 'keys.json');
  const good = readFileSync(path);
  const { hex96 } = await (await opened(machine)).keyOf(machine.second);
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good);
    bad[at] = (bad[at] ?? 0) ^ (at % 2 === 0 ? 1 : 0x20);
    writeFileSync(path, bad);
    const keys = await opened(machine).catch((thrown: unknown) => OspainError.from(thrown));
    if (keys instanceof OspainError)
      assert.ok(['key_wrong', 'key_unavailable'].includes(keys.code), `${at}: ${keys.code}`);
    else assert.equal(keys.state(), 'missing', `byte ${at}: ${hex96}`);
    assert.deepEqual(readFileSync(path), bad, 'it is not written over');
  }
  writeFileSync(path, good);
  assert.equal((await (await opened(machine)).keyOf(machine.second)).hex96, hex96);
});

async function opened(machine: KeyMachine) {
  const keys = await machine.keys();
  if (keys.state() === 'locked') await keys.unlock(PASSPHRASE);
  return keys;
}

test('a recovery key opens a copy of the data folder on another machine, under another passphrase', async () => {
  using machine = keyMachine();
  using elsewhere = keyMachine();
  const keyring = fakeKeyring();
  const keys = await machine.keys(keyring.open);
  await derive(machine, keys);
  const changes = machine.changes(keys);
  const first = await changes.createRecovery();
  const recoveryKey = await changes.createRecovery();
  assert.match(recoveryKey, /^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z*~$=U]$/);
  assert.equal(textOf(keys.path).includes(recoveryKey.replaceAll('-', '')), false);
  copyData(machine, elsewhere);
  const there = await elsewhere.keys(fakeKeyring().open);
  assert.deepEqual([there.state(), there.problem()?.code], ['missing', 'key_unavailable']);
  const recovering = elsewhere.changes(there);
  const keeping = { store: 'passphrase', passphrase: PASSPHRASE } as const;
  await assert.rejects(recovering.recover(first, keeping), { code: 'key_wrong' });
  await assert.rejects(recovering.recover('0000-0000-0000-0000-0000-0000-0000-0000-1', keeping), {
    code: 'invalid_params',
  });
  await recovering.recover(
    recoveryKey.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l'),
    keeping,
  );
  await recovering.tidy();
  const { database } = elsewhere.models;
  assert.equal((await there.keyOf({ ...elsewhere.models, database })).origin, 'current');
  const next = await elsewhere.keys();
  await next.unlock(PASSPHRASE);
  assert.equal((await next.keyOf(elsewhere.models)).origin, 'current');
});

test('who lost every key starts afresh, and what was there lies beside it under another name', async () => {
  using machine = keyMachine();
  const { first, second, models, root } = machine;
  await withPassphrase(machine);
  const [database, keysBefore] = [readFileSync(first.database), textOf(join(root, 'keys.json'))];
  const locked = await machine.keys();
  const moved = await setAside(locked, () => Date.UTC(2026, 0, 2, 3, 4, 5, 6));
  assert.equal(moved.length, 4);
  const stamp = 'lost-20260102T030405006Z';
  assert.deepEqual(readFileSync(join(first.folder, `ospain2.${stamp}.db`)), database);
  assert.equal(textOf(join(root, `keys.${stamp}.json`)), keysBefore);
  for (const place of [first, second, models]) assert.equal(existsSync(place.database), false);
  assert.equal(locked.state(), 'open');
  await derive(machine, locked);
  // The passphrase comes back to mind.
  for (const { from, to } of moved) writeFileSync(from, readFileSync(to));
  const back = await machine.keys();
  await back.unlock(PASSPHRASE);
  assert.deepEqual(await textsWith(back, first, second), ['of the first', 'of the second']);
});

test('what opens is never set aside', async () => {
  using machine = keyMachine();
  await fillAsBefore(machine);
  const keys = await machine.keys();
  assert.deepEqual(await setAside(keys, Date.now), []);
  assert.deepEqual(await textsWith(keys, machine.first), ['of the first']);
});
