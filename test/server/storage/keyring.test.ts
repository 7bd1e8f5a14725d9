import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createFolders, dataFolder } from '../../../server/storage/dataFolder.ts';
import { openKeyring } from '../../../server/storage/keyring.ts';
import { busIsThere } from '../../../server/storage/sessionBus.ts';
import { tempFolder } from '../../support/temp.ts';
import { userKeys } from '../../support/userKeys.ts';
import { type BusManner, openBus } from './fakeBus.ts';
import { writeDatabase } from './workspaceData.ts';

const secretsIn = (root: string) =>
  readdirSync(root).filter((name) => /^(root-secret|keys\.json)/.test(name) && !name.endsWith('.lock'));
const elsewhere = process.platform !== 'linux' && 'only Linux reaches its keyring over a bus';
/** Of a silent bus nothing comes, so nothing is missed; on a deaf one the addon itself gives up after two seconds. */
const patience = (manner: BusManner) => ({ opening: manner === 'silent' ? 300 : 30_000, answering: 30_000 });

/** A bus, and a workspace whose key is looked for in its keyring; the real keyring is left alone. */
async function openMachine(manner: BusManner) {
  const temp = tempFolder('bus');
  const bus = await openBus(join(temp.path, 'bus'), manner);
  const location = dataFolder(temp.path, { OSPAIN2_DATA_DIR: temp.path, XDG_RUNTIME_DIR: temp.path });
  createFolders(location);
  return {
    ...{ temp, location, env: bus.env },
    keys: (env: NodeJS.ProcessEnv = {}) =>
      userKeys({
        root: location.root,
        env: { ...bus.env, ...env },
        keyring: (account, where) => openKeyring(account, where, patience(manner)),
      }),
    [Symbol.dispose]() {
      bus[Symbol.dispose]();
      temp[Symbol.dispose]();
    },
  };
}

describe('the keyring of the operating system', { skip: elsewhere, timeout: 60_000 }, () => {
  test('is looked for only where there is a bus', async () => {
    using machine = await openMachine('refusing');
    const { env, temp } = machine;
    assert.equal(await busIsThere(env), true);
    assert.equal(await busIsThere({ XDG_RUNTIME_DIR: temp.path }), true, 'the usual place');
    assert.equal(await busIsThere({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${temp.path}/missing` }), false);
    assert.equal(await busIsThere({ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=x' }), false);
    assert.equal(await openKeyring('test', {}), undefined);
  });

  test('whose addon does not load, as where its libraries are missing: the key is a file, and it is said', async () => {
    // Where the addon did load, this one would not answer.
    using machine = await openMachine('deaf');
    const hooks = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name.startsWith('@napi-rs/keyring')) throw new Error('The specified module could not be found.');
        return next(name, context);
      } });`;
    const broken = `--import data:text/javascript,${encodeURIComponent(hooks)}`;
    const keys = await machine.keys({ NODE_OPTIONS: broken });
    assert.equal(keys.file()?.store, 'file');
    assert.match(keys.warning() ?? '', /^No keyring is in use/);
  });

  for (const manner of ['refusing', 'empty'] as const)
    test(`that is not there, on a bus that is ${manner}: the key is a file, and it is said`, async () => {
      using machine = await openMachine(manner);
      const keys = await machine.keys();
      assert.equal(keys.file()?.store, 'file');
      assert.ok(keys.warning());
    });

  for (const manner of ['silent', 'deaf'] as const)
    test(`that does not answer, on a bus that is ${manner}: no key is made, and the reason is told`, async () => {
      using machine = await openMachine(manner);
      const { location } = machine;
      const order: string[] = [];
      const timer = setTimeout(() => order.push('the server lives on'), 1);
      const keys = await machine.keys().finally(() => order.push('told'));
      assert.throws(keys.root, { code: 'key_unavailable', message: /did not answer/ });
      clearTimeout(timer);
      assert.deepEqual(order, ['the server lives on', 'told']);
      assert.equal((await machine.keys({ OSPAIN2_KEY_STORE: 'keyring' })).problem()?.code, 'key_unavailable');
      assert.deepEqual(secretsIn(location.root), []);
      await writeDatabase(location.database, ['of an earlier version'], 'f'.repeat(96));
      assert.match((await machine.keys()).problem()?.message ?? '', /did not answer/);
      writeFileSync(location.key, 'f'.repeat(96));
      const filed = await machine.keys({ OSPAIN2_KEY_STORE: 'file' });
      assert.equal((await filed.keyOf(location)).origin, 'own', 'a key file needs no keyring');
    });
});
