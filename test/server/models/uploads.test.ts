import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ParsedParams } from '../../../protocol/index.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { testModelStore } from './modelStore.ts';

const DAY = 24 * 3_600_000;
let time = 0;
let t: Awaited<ReturnType<typeof testModelStore>>;
let bytes: Buffer;

beforeEach(async () => {
  time = Date.now();
  t = await testModelStore({ now: () => time });
  const path = join(t.elsewhere, 'model.gguf');
  writeRandomModel(path);
  bytes = readFileSync(path);
});
afterEach(() => t[Symbol.asyncDispose]());

const { signal } = new AbortController();
const sha256 = () => createHash('sha256').update(bytes).digest('hex');
const start = (more: Partial<ParsedParams<'upload/start'>> = {}) =>
  t.uploads.start({ name: 'sent', version: 'latest', bytes: bytes.length, ...more });

test('a file that came in pieces becomes a version, also when another server goes on with it', async () => {
  const { id, path, received } = await start({ sha256: sha256(), alias: 'fast', fileName: 'a/b/model Q8.gguf' });
  assert.equal(received, 0);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
  appendFileSync(path, bytes.subarray(0, 1000));
  await assert.rejects(t.uploads.finish(id, signal), { code: 'wrong_state', message: /1000 of/ });
  const other = await t.open();
  assert.deepEqual([other.uploads.show(id).received, other.uploads.show(id).path], [1000, path]);
  appendFileSync(path, bytes.subarray(1000));
  assert.deepEqual(await other.uploads.finish(id, signal), { name: 'sent', version: '1.0.0', existed: false });
  assert.equal(t.registry.resolve('fast').sha256, sha256());
  assert.equal(t.registry.describe(t.registry.find('sent')).files[0]?.name, 'model Q8.gguf');
  assert.throws(() => t.uploads.show(id), { code: 'not_found' });
  assert.deepEqual(t.files().incoming, []);
});

test('what is not as announced is refused and gone', async () => {
  const wrong = [
    [await start({ sha256: '0'.repeat(64) }), bytes, 'content_differs'],
    [await start({ bytes: 10 }), bytes, 'content_differs'],
    [await start({ bytes: 12 }), Buffer.from('GGUF is this'), 'model_unreadable'],
  ] as const;
  for (const [{ id, path }, content, code] of wrong) {
    appendFileSync(path, content);
    await assert.rejects(t.uploads.finish(id, signal), { code });
    assert.throws(() => t.uploads.show(id), { code: 'not_found' });
  }
  assert.deepEqual([t.files(), t.registry.list()], [{ blobs: [], incoming: [] }, []]);
});

test('a version that is there with other bytes is a conflict, and the upload can be given up', async () => {
  const path = join(t.elsewhere, 'other.gguf');
  writeRandomModel(path, { seed: 2 });
  await t.add(path, { name: 'sent' });
  const upload = await start({ version: '1.0.0' });
  appendFileSync(upload.path, bytes);
  await assert.rejects(t.uploads.finish(upload.id, signal), { code: 'conflict' });
  t.uploads.cancel(upload.id);
  assert.throws(() => t.uploads.cancel(upload.id), { code: 'not_found' });
  assert.equal(existsSync(upload.path), false);
});

test('a name that is none of a file is refused at once', async () => {
  for (const fileName of ['..', 'a/..', '.', 'a\\b.gguf', 'nul.gguf', 'a\0b'])
    await assert.rejects(start({ fileName }), { code: 'invalid_params' }, fileName);
  assert.deepEqual(t.files().incoming, []);
});

test('more than the disk has is refused before the first byte', async () => {
  await assert.rejects(start({ bytes: Number.MAX_SAFE_INTEGER }), { code: 'storage_full', message: /are needed/ });
  assert.deepEqual(t.files().incoming, []);
});

test('a half upload is kept for a day after its last byte, and then collected', async () => {
  const { id, path } = await start();
  appendFileSync(path, bytes.subarray(0, 1000));
  time += DAY - 60_000;
  await t.collection.collect(false);
  assert.equal(t.uploads.show(id).received, 1000);
  time += 120_000;
  assert.throws(() => t.uploads.show(id), { code: 'not_found' });
  assert.deepEqual(await t.collection.collect(true), { files: 1, bytes: 1000 });
  assert.deepEqual(await t.collection.collect(false), { files: 1, bytes: 1000 });
  assert.deepEqual(t.files().incoming, []);
});
