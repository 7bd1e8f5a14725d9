import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ImportRequest } from '../../../server/models/imports.ts';
import { blobPath } from '../../../server/models/modelFolder.ts';
import { verifyModel } from '../../../server/models/verification.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { testModelStore } from './modelStore.ts';

type Models = Awaited<ReturnType<typeof testModelStore>>;

let time = 0;
let t: Models;

beforeEach(async () => {
  time = Date.now();
  t = await testModelStore({ now: () => time });
});
afterEach(() => t[Symbol.asyncDispose]());

const at = (name: string) => join(t.elsewhere, name);
/** A small model file that differs with its seed. */
function model(seed: number, name = `model${seed}.gguf`): string {
  writeRandomModel(at(name), { seed, metadata: { 'general.license': { string: 'apache-2.0' } } });
  return at(name);
}
const file = (name: string, bytes: string | Buffer): string => {
  writeFileSync(at(name), bytes);
  return at(name);
};
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const refused = (path: string, more: Partial<ImportRequest>, code: string) =>
  assert.rejects(t.add(path, more), (error: Error & { code?: string }) => {
    assert.equal(error.code, code, String(error));
    return true;
  });
const verify = async (ref: string) => {
  const { files, model: seen } = await verifyModel(t.registry, ref, {
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return { found: files.map(({ found }) => found), problem: seen.problem };
};

test('a file becomes a version under the name of its content, and stays where it was', async () => {
  const path = model(1, 'Tiny Möwe Q8.gguf');
  const heard: number[] = [];
  const key = await t.imports.run({
    ...{ path, version: 'latest', how: 'copy', alias: 'fast', source: 'a friend' },
    onProgress: (done, total) => heard.push(done / total),
  });
  assert.deepEqual(key, { name: 'Tiny-Mowe-Q8', version: '1.0.0', existed: false });
  const { model: seen, files, facts } = t.registry.describe(key);
  const digest = sha256(path);
  const artifact = blobPath(t.folder.blobs, digest);
  assert.deepEqual(
    [seen.sha256, seen.artifact, seen.aliases, seen.source, seen.licence, seen.architecture, seen.profile],
    [digest, artifact, ['fast'], 'a friend', 'apache-2.0', 'llama', 'small'],
  );
  assert.deepEqual(files, [
    { name: basename(path), path: artifact, bytes: statSync(path).size, sha256: digest, kept: 'store' },
  ]);
  assert.equal(facts?.layers, 1);
  assert.equal(sha256(artifact), digest);
  if (process.platform !== 'win32') assert.equal(statSync(artifact).mode & 0o777, 0o600);
  assert.equal(heard.at(-1), 1);
  assert.deepEqual(t.files().incoming, []);
  assert.equal(t.registry.resolve('fast').artifact, artifact);
});

test('the same content is the same version; other content is the next one, or a conflict', async () => {
  const [one, two] = [model(1), model(2)];
  const add = async (path: string, version = 'latest') => {
    const { version: got, existed } = await t.add(path, { version });
    return [got, existed];
  };
  assert.deepEqual(await add(one), ['1.0.0', false]);
  assert.deepEqual(await add(one), ['1.0.0', true]);
  assert.deepEqual(await add(one, '1.0.0'), ['1.0.0', true]);
  await refused(two, { version: '1.0.0', alias: 'fast' }, 'conflict');
  assert.deepEqual(t.files().blobs.length, 1, 'nothing of what was refused is kept');
  assert.throws(() => t.registry.find('fast'), { code: 'model_missing' });
  assert.deepEqual(await add(two), ['1.1.0', false]);
  assert.deepEqual(await add(one), ['1.2.0', false], 'going back is a new version of the old content');
  assert.deepEqual(await add(two, '1.1.1-rc.1'), ['1.1.1-rc.1', false]);
  assert.equal(t.files().blobs.length, 2);
});

test('what cannot be a model is refused with its reason, and nothing is kept', async () => {
  const whole = model(1);
  const bytes = readFileSync(whole);
  const cut = file('cut.gguf', bytes.subarray(0, bytes.length - 1000));
  const cases: [path: string, code: string][] = [
    [at('absent.gguf'), 'not_found'],
    [t.elsewhere, 'not_found'],
    ['relative.gguf', 'invalid_params'],
    [`${whole}\0`, 'invalid_params'],
    [file('empty.gguf', ''), 'model_unreadable'],
    [file('text.gguf', 'Once upon a time'), 'model_unreadable'],
    [file('notes.txt', 'Once upon a time'), 'model_unreadable'],
    [file('broken.gguf', Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(4000, 0xff)])), 'model_unreadable'],
    [cut, 'model_unreadable'],
    [file('a.safetensors', Buffer.alloc(64, 0xff)), 'model_unreadable'],
    [file('a.onnx', 'PK\x03\x04'), 'model_unreadable'],
    [file('a.pt', 'not a pickle'), 'model_unreadable'],
  ];
  for (const [path, code] of cases) await refused(path, {}, code);
  await refused(whole, { sha256: '0'.repeat(64) }, 'content_differs');
  await assert.rejects(t.imports.run({ path: file('....gguf', bytes), version: 'latest', how: 'copy' }), {
    code: 'invalid_params',
  });
  assert.deepEqual([t.files(), t.registry.list()], [{ blobs: [], incoming: [] }, []]);
});

test('formats that do not run are kept and say so', async () => {
  const header = '{"weights":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}';
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  for (const [path, format] of [
    [file('a.safetensors', Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)])), 'safetensors'],
    [file('a.onnx', Buffer.from([8, 9, 18, 0])), 'onnx'],
    [file('a.bin', Buffer.from([0x80, 2, 0x7d])), 'pytorch'],
  ] as const) {
    const key = await t.add(path, { name: `a-${format}-${basename(path).at(-1)}` });
    assert.equal(t.registry.describe(key).model.format, format);
    assert.equal(t.registry.describe(key).model.parameters, format === 'safetensors' ? 2 : null);
    assert.throws(() => t.registry.resolve(key.name), { code: 'not_taught', message: new RegExp(`${format}.*GGUF`) });
  }
});

test('a moved file is gone from where it was, but only when it is in the store', async () => {
  const [path, other] = [model(1), model(2)];
  const before = sha256(path);
  await t.add(path, { how: 'move' });
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
  assert.equal(sha256(t.registry.resolve('mine').artifact), before);
  assert.equal(t.registry.describe(t.registry.find('mine')).files[0]?.kept, 'store');
  await refused(other, { how: 'move', version: '1.0.0' }, 'conflict');
  assert.ok(statSync(other).isFile());
});

test('a file of the store is not moved out of it', async () => {
  await t.add(model(1));
  const { artifact } = t.registry.resolve('mine');
  const key = await t.imports.run({ path: artifact, version: 'latest', how: 'move' });
  assert.match(key.name, /^sha256-/);
  assert.deepEqual(await verify('mine'), { found: ['whole'], problem: null });
});

test('a linked file takes no room, and removing the version leaves it to the other program', async () => {
  const path = model(1);
  const key = await t.add(path, { how: 'link' });
  const { artifact } = t.registry.resolve('mine');
  assert.equal(statSync(artifact).ino, statSync(path).ino);
  assert.equal(t.registry.describe(key).files[0]?.kept, 'shared');
  const row = t.registry.find('mine');
  t.registry.remove(row);
  t.collection.release(row.files, row.digest);
  assert.deepEqual([t.files().blobs, statSync(path).isFile()], [[], true]);
});

test('a link is followed to the file that it means', async () => {
  const path = model(1);
  symlinkSync(path, at('current.gguf'));
  const key = await t.imports.run({ path: at('current.gguf'), version: 'latest', how: 'link' });
  assert.equal(key.name, 'current');
  rmSync(at('current.gguf'));
  assert.equal(sha256(t.registry.resolve('current').artifact), sha256(path));
});

test('verifying tells what is whole, damaged or gone; importing again mends it', async () => {
  const path = model(1);
  await t.add(path);
  const { artifact } = t.registry.resolve('mine');
  assert.deepEqual(await verify('mine'), { found: ['whole'], problem: null });
  const bytes = readFileSync(artifact);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  writeFileSync(artifact, bytes);
  const damaged = await verify('mine');
  assert.deepEqual(damaged.found, ['damaged']);
  assert.match(damaged.problem ?? '', /model1\.gguf is damaged/);
  assert.equal((await t.add(path)).existed, true);
  assert.deepEqual(await verify('mine'), { found: ['whole'], problem: null });
  rmSync(artifact);
  assert.deepEqual((await verify('mine')).found, ['missing']);
  await t.add(path);
  assert.deepEqual(await verify('mine'), { found: ['whole'], problem: null });
});

test('removing frees what no other version names, and collecting frees the rest', async () => {
  const [one, two] = [model(1), model(2)];
  const first = await t.add(one, { name: 'first' });
  await t.add(one, { name: 'second' });
  const third = await t.add(two, { name: 'third' });
  const remove = (ref: string) => {
    const row = t.registry.find(ref);
    t.registry.remove(row);
    return t.collection.release(row.files, row.digest);
  };
  assert.equal(remove('first'), 0);
  assert.equal(t.files().blobs.length, 2);
  assert.equal(remove('second'), statSync(one).size);
  t.registry.remove(third);
  assert.equal(first.existed, false);
  const left = { files: 1, bytes: statSync(two).size };
  assert.deepEqual(await t.collection.collect(true), left);
  assert.equal(t.files().blobs.length, 1);
  assert.deepEqual(await t.collection.collect(false), left);
  assert.deepEqual(await t.collection.collect(false), { files: 0, bytes: 0 });
  assert.deepEqual(t.files(), { blobs: [], incoming: [] });
});

test('an import that is cancelled leaves nothing', async () => {
  const stop = new AbortController();
  const work = t.add(model(1), { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
  await assert.rejects(work, /enough/);
  await t.imports.dispose();
  await refused(model(2), {}, 'unavailable');
  assert.deepEqual(t.files(), { blobs: [], incoming: [] });
});
