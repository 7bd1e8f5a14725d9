import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkModelFile } from '../../../server/models/modelFile.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { onOwnDisk } from '../../support/ownDisk.ts';
import { allOf } from '../storage/processes.ts';
import { architecture, writeFile } from './gguf/gguf.ts';
import { testModelStore } from './modelStore.ts';

const HOUR = 3_600_000;
let time = 0;
let t: Awaited<ReturnType<typeof testModelStore>>;
let model: string;

beforeEach(async () => {
  time = Date.now();
  t = await testModelStore({ now: () => time });
  model = join(t.elsewhere, 'model.gguf');
  // Larger than what is read at a time.
  writeRandomModel(model, { width: 256, layers: 2 });
  assert.ok(statSync(model).size > 2 ** 21);
});
afterEach(() => t[Symbol.asyncDispose]());

const root = () => dirname(t.folder.folder);
const smallDisk = fileURLToPath(new URL('smallDisk.ts', import.meta.url));
const importer = fileURLToPath(new URL('importer.ts', import.meta.url));

test('a disk that is full, gets full in the middle, or is read-only, is an error; nothing half is left', {
  skip: process.platform !== 'linux' && 'a disk of its own is mounted only on Linux',
  timeout: 120_000,
}, () => {
  assert.deepEqual(onOwnDisk(smallDisk, { size: '8m', args: [model] }), {
    before: ['storage_full', 0, 0, 0],
    upload: 'storage_full',
    middle: ['storage_full', 0, 0, 0],
    afterRoom: ['none', 0, 1, 1],
    readOnly: 'storage_read_only',
  });
});

test('servers that import one file at one moment make one version of it', { timeout: 60_000 }, async () => {
  const told = await allOf(4, '../models/importer.ts', [root(), model, 'together']);
  const results = told.map((line) => JSON.parse(line) as [{ version: string; existed: boolean }, number]);
  assert.deepEqual(
    results.map(([{ version }, count]) => [version, count]),
    Array.from({ length: 4 }, () => ['1.0.0', 1]),
  );
  assert.equal(results.filter(([{ existed }]) => !existed).length, 1, 'one of them made it');
  assert.equal(t.files().blobs.length, 1);
  assert.deepEqual(t.files().incoming, []);
});

test('an import that is killed is not seen; nobody takes its file while it lives, and the leftover is collected', {
  timeout: 60_000,
}, async () => {
  const child = spawn(process.execPath, [importer, root(), model, 'half'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'readable');
  time += HOUR;
  assert.deepEqual(await t.collection.collect(false), { files: 0, bytes: 0 }, 'it lives');
  assert.equal(t.files().incoming.length, 1);
  child.kill('SIGKILL');
  await exited;
  assert.deepEqual([t.registry.list(), t.files().blobs], [[], []]);
  time -= HOUR;
  await t.collection.sweep(false);
  assert.equal(t.files().incoming.length, 1, 'one that has only begun may not have its lock yet');
  time += HOUR;
  assert.equal((await t.collection.collect(false)).files, 1);
  assert.deepEqual(t.files().incoming, []);
});

test('a kill between the file and its version loses neither the source nor the order of the store', {
  timeout: 60_000,
}, async () => {
  const child = spawn(process.execPath, [importer, root(), model, 'placed'], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  assert.equal(signal, 'SIGKILL');
  assert.ok(existsSync(model), 'what was to be moved is still there');
  assert.deepEqual([t.registry.list(), t.files().blobs.length], [[], 1]);
  time += HOUR;
  const { files } = await t.collection.collect(false);
  assert.ok(files >= 1);
  assert.deepEqual(t.files(), { blobs: [], incoming: [] });
});

test('a model file that vanished is said to be missing when it is to be loaded', async () => {
  await t.add(model);
  const { artifact } = t.registry.resolve('mine');
  rmSync(artifact);
  assert.throws(() => checkModelFile(t.registry.resolve('mine').artifact), { code: 'model_missing' });
});

test('a folder that may not be written is an error with a code', {
  skip: (process.getuid?.() === 0 || process.platform === 'win32') && 'whoever runs this may write everything',
}, async () => {
  chmodSync(t.folder.incoming, 0o500);
  await assert.rejects(t.add(model), { code: 'storage_read_only' });
  chmodSync(t.folder.incoming, 0o700);
});

test('parts of a split model stand beside each other under their names', async () => {
  const [first = '', second = ''] = [1, 2].map((part) =>
    writeFile(t.elsewhere, `big-0000${part}-of-00002.gguf`, {
      metadata: {
        ...(part === 1 && architecture),
        'split.no': { u16: part - 1 },
        'split.count': { u16: 2 },
        'split.tensors.count': { i32: 2 },
      },
      tensors: [{ name: `tensor${part}`, shape: [256], type: 'Q4_K' }],
    }),
  );
  const key = await t.imports.run({ path: second, version: 'latest', how: 'copy' });
  assert.equal(key.name, 'big');
  const { artifact, bytes, sha256 } = t.registry.resolve('big');
  assert.match(artifact, /set-[0-9a-f]{64}[\\/]big-00001-of-00002\.gguf$/);
  assert.deepEqual(readFileSync(artifact), readFileSync(first));
  assert.equal(bytes, statSync(first).size + statSync(second).size);
  checkModelFile(artifact);
  assert.deepEqual(await t.imports.run({ path: first, version: 'latest', how: 'copy' }), { ...key, existed: true });
  assert.deepEqual(
    t.registry.describe(key).files.map(({ name, kept }) => [name, kept]),
    [
      ['big-00001-of-00002.gguf', 'store'],
      ['big-00002-of-00002.gguf', 'store'],
    ],
  );
  assert.equal(sha256?.length, 64);
  const row = t.registry.find('big');
  t.registry.remove(row);
  assert.equal(t.collection.release(row.files, row.digest), bytes);
  assert.deepEqual(t.files(), { blobs: [], incoming: [] });
  rmSync(second);
  await assert.rejects(t.imports.run({ path: first, version: 'latest', how: 'copy' }), { code: 'model_unreadable' });
});
