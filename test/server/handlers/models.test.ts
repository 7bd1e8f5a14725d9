import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Notification } from '../../../protocol/index.ts';
import { createActors } from '../../../server/audit/actors.ts';
import { createModelHost, type ModelHost } from '../../../server/modelHost.ts';
import { readSettings } from '../../../server/settings.ts';
import { openApp, serverFolders } from '../../contract/app.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { gone, testEnv } from '../../support/server.ts';
import { tempFolder } from '../../support/temp.ts';
import { userKeys } from '../../support/userKeys.ts';

const inRepository = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const silent = { error() {}, warn() {}, info() {}, debug() {} };
const call = { signal: new AbortController().signal, notify: () => {} };

let root: ReturnType<typeof tempFolder>;
let hosts: ModelHost[];

beforeEach(() => {
  root = tempFolder('host');
  hosts = [];
});
afterEach(async () => {
  for (const host of hosts) await host.dispose();
  root[Symbol.dispose]();
});

/** A server's models, and a wait for the first message that fits. */
async function open() {
  const told: Notification[] = [];
  let heard = () => {};
  const keys = await userKeys({ root: root.path, env: testEnv(root.path) });
  const host = await createModelHost({
    location: { root: root.path },
    workerProgram: inRepository('server/inference/llama/worker.ts'),
    bundledWorker: inRepository('dist/worker.js'),
    embeddedModel: inRepository('media/models/canary.gguf'),
    settings: readSettings({ threads: 1 }),
    env: testEnv(root.path),
    findKey: (place) => keys.keyOf(place),
    actors: createActors(),
    notify(notification) {
      told.push(notification);
      heard();
    },
    log: silent,
    now: Date.now,
  });
  hosts.push(host);
  const hears = async (fits: (notification: Notification) => boolean) => {
    while (!told.some(fits))
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
  };
  return { ...host, hears };
}

test('what one server does to the models every other tells its clients', { timeout: 60_000 }, async () => {
  const path = join(root.path, 'model.gguf');
  writeRandomModel(path);
  const [one, other] = [await open(), await open()];
  const { model } = await one.handlers['model/import'](
    { path, name: 'mine', version: 'latest', how: 'copy', alias: 'fast' },
    call,
  );
  await other.hears(({ method, params }) => method === 'model/didChange' && params.model.aliases.includes('fast'));
  assert.deepEqual((await other.handlers['model/show']({ model: 'fast' }, call)).model, model);
  await other.handlers['model/removeAlias']({ alias: 'fast' }, call);
  await one.hears(
    ({ method, params }) =>
      method === 'model/didChange' && params.model.aliases.length === 0 && params.model.name === 'mine',
  );
  const removed = await other.handlers['model/remove']({ model: 'mine' }, call);
  assert.deepEqual(removed, { name: 'mine', version: '1.0.0', aliases: [], freed: model.bytes });
  await one.hears(({ method }) => method === 'model/didRemove');
  assert.deepEqual(
    (await one.handlers['model/list']({}, call)).models.map(({ name }) => name),
    ['canary'],
  );
});

test('to remove a model says which: not an alias, and not one of several versions', { timeout: 60_000 }, async () => {
  const { handlers } = await open();
  for (const seed of [1, 2]) {
    const path = join(root.path, `${seed}.gguf`);
    writeRandomModel(path, { seed });
    await handlers['model/import']({ path, name: 'mine', version: 'latest', how: 'copy', alias: 'fast' }, call);
  }
  const remove = async (model: string) => handlers['model/remove']({ model }, call);
  await assert.rejects(remove('mine'), { code: 'invalid_params', hint: /mine@1\.1\.0, mine@1\.0\.0/ });
  await assert.rejects(remove('fast'), { code: 'invalid_params', message: /leads to mine@1\.1\.0/ });
  await assert.rejects(remove('canary'), { code: 'wrong_state' });
  assert.deepEqual((await remove('mine@1.1.0')).aliases, ['fast']);
  assert.equal((await remove('mine')).version, '1.0.0');
});

test('a loaded model that is removed leaves the memory first', { timeout: 60_000 }, async () => {
  const { handlers, pool } = await open();
  const path = join(root.path, 'model.gguf');
  writeRandomModel(path);
  await handlers['model/import']({ path, name: 'mine', version: 'latest', how: 'copy' }, call);
  await handlers['model/load']({ model: 'mine' }, call);
  const [{ pid } = { pid: 0 }] = pool.status();
  await handlers['model/remove']({ model: 'mine' }, call);
  await gone(pid ?? 0);
  assert.deepEqual(pool.status(), []);
});

test('a measured version shows its speed, and keeps what was measured before', { timeout: 60_000 }, async () => {
  const { handlers } = await open();
  const path = join(root.path, 'model.gguf');
  writeRandomModel(path);
  await handlers['model/import']({ path, name: 'mine', version: 'latest', how: 'copy' }, call);
  const first = await handlers['model/benchmark']({ model: 'mine' }, call);
  const second = await handlers['model/benchmark']({ model: 'mine' }, call);
  assert.deepEqual(second.model.benchmark, second.benchmark);
  const { benchmarks } = await handlers['model/show']({ model: 'mine' }, call);
  assert.deepEqual(benchmarks, [second.benchmark, first.benchmark]);
});

test('restoring a workspace leaves the models loaded', { timeout: 60_000 }, async () => {
  using folders = serverFolders();
  const app = await openApp(folders.workspace, folders.env);
  const ask = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const outcome = await app.dispatch(method, params);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    return outcome.result as Record<string, unknown>;
  };
  try {
    await ask('model/load', { model: 'default' });
    const workers = async () => (await ask('server/status', {}))['workers'] as { pid: number }[];
    const [before] = await workers();
    assert.ok(before);
    const path = join(root.path, 'backup.db');
    await ask('backup/create', { path });
    await ask('backup/restore', { path });
    const after = await workers();
    assert.deepEqual(
      after.map(({ pid }) => pid),
      [before.pid],
    );
  } finally {
    await app.dispose();
  }
});
