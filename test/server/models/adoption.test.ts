import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type Adoption, createAdoption } from '../../../server/models/adoption.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { architecture, encodeFile } from './gguf/gguf.ts';
import { testModelStore } from './modelStore.ts';

let t: Awaited<ReturnType<typeof testModelStore>>;
let adoption: Adoption;
/** Where Ollama keeps the bytes of its one model. */
let blob: string;

const work = { signal: new AbortController().signal, onProgress: () => {} };
const latest = { version: 'latest' };
const ollama = (path: string) => join(t.elsewhere, '.ollama/models', path);

beforeEach(async () => {
  t = await testModelStore();
  adoption = createAdoption({ registry: t.registry, imports: t.imports, env: {}, home: t.elsewhere });
  const model = join(t.elsewhere, 'model.gguf');
  writeRandomModel(model);
  const digest = createHash('sha256').update(readFileSync(model)).digest('hex');
  blob = ollama(`blobs/sha256-${digest}`);
  const manifest = ollama('manifests/registry.ollama.ai/library/qwen/7b');
  for (const path of [blob, manifest]) mkdirSync(dirname(path), { recursive: true });
  renameSync(model, blob);
  const mediaType = 'application/vnd.ollama.image.model';
  const layers = [{ mediaType, digest: `sha256:${digest}`, size: statSync(blob).size }];
  writeFileSync(manifest, JSON.stringify({ schemaVersion: 2, layers }));
});
afterEach(() => t[Symbol.asyncDispose]());

test('a model of another program becomes a version without a copy, and is known to be one', async () => {
  const { models } = await adoption.list();
  const { size } = statSync(blob);
  const found = { program: 'Ollama', name: 'qwen', tag: '7b', path: blob, files: 1, bytes: size };
  assert.deepEqual(models, [{ ...found, adopted: null }]);
  const key = await adoption.adopt({ path: blob, alias: 'fast', ...latest }, work);
  assert.deepEqual(key, { name: 'qwen', version: '1.0.0', existed: false });
  const { model, files } = t.registry.describe(key);
  assert.deepEqual([model.source, model.aliases, files[0]?.kept], ['Ollama qwen:7b', ['fast'], 'shared']);
  assert.equal(statSync(model.artifact).ino, statSync(blob).ino);
  assert.deepEqual((await adoption.list()).models, [{ ...found, adopted: 'qwen@1.0.0' }]);
  rmSync(blob);
  assert.ok(statSync(model.artifact).isFile(), 'the other program may drop its name of it');
});

test('only what another program holds is adopted', async () => {
  const secret = join(t.elsewhere, 'secret.gguf');
  writeRandomModel(secret);
  for (const path of [secret, join(dirname(blob), '../../../secret.gguf'), '/etc/passwd', ''])
    await assert.rejects(adoption.adopt({ path, ...latest }, work), { code: 'not_found' });
  assert.deepEqual([t.registry.list(), t.files()], [[], { blobs: [], incoming: [] }]);
});

test('a split model whose files have other names where they are gets its own beside each other', async () => {
  const snapshot = join(t.elsewhere, '.cache/huggingface/hub/models--org--repo');
  for (const part of [1, 2]) {
    const metadata = {
      ...(part === 1 && architecture),
      'split.no': { u16: part - 1 },
      'split.count': { u16: 2 },
      'split.tensors.count': { i32: 2 },
    };
    const bytes = encodeFile({ metadata, tensors: [{ name: `tensor${part}`, shape: [256], type: 'Q4_K' }] });
    const file = join(snapshot, 'blobs', createHash('sha256').update(bytes).digest('hex'));
    const name = join(snapshot, 'snapshots', 'c0ffee', `big-0000${part}-of-00002.gguf`);
    for (const path of [file, name]) mkdirSync(dirname(path), { recursive: true });
    writeFileSync(file, bytes);
    symlinkSync(file, name);
  }
  mkdirSync(join(snapshot, 'refs'));
  writeFileSync(join(snapshot, 'refs/main'), 'c0ffee');
  const found = (await adoption.list()).models.find(({ program }) => program === 'Hugging Face');
  assert.equal(found?.files, 2);
  const key = await adoption.adopt({ path: found.path, name: 'big', ...latest }, work);
  const { model, files } = t.registry.describe(key);
  assert.match(model.artifact, /big-00001-of-00002\.gguf$/);
  assert.deepEqual(
    files.map(({ kept }) => kept),
    ['shared', 'shared'],
  );
  assert.ok(t.registry.resolve('big'));
});
