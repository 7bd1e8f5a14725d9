import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { getModuleVersion } from 'node-llama-cpp';
import { useBackends } from '../../../../server/inference/llama/backends.ts';
import { createProcessRuntime } from '../../../../server/inference/runtimes/process/processRuntime.ts';
import { writeScriptedModel } from '../../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../../support/temp.ts';
import { openPool, user, WORKER_PROGRAM } from '../testPool.ts';

const slow = { timeout: 120_000 };
const VERSION = await getModuleVersion();

/** A package of binaries that has none, and writes down that it was asked for them. */
function writeBackend(folder: string, name: string, version: string, more = ''): { isAsked(): boolean } {
  const place = join(folder, 'node_modules', '@node-llama-cpp', name);
  mkdirSync(place, { recursive: true });
  const manifest = { name: `@node-llama-cpp/${name}`, version, type: 'module', exports: './index.js' };
  writeFileSync(join(place, 'package.json'), JSON.stringify(manifest));
  writeFileSync(
    join(place, 'index.js'),
    `import { writeFileSync } from 'node:fs';
     export const getBinsDir = () => ({ binsDir: ${JSON.stringify(place)}, packageVersion: ${JSON.stringify(version)} });
     writeFileSync(${JSON.stringify(join(place, 'asked'))}, '');
     ${more}`,
  );
  return { isAsked: () => existsSync(join(place, 'asked')) };
}

test('a package of backends is found in the folder, if it is of the version that is needed', async () => {
  using folder = tempFolder('backends');
  const notes: string[] = [];
  const right = writeBackend(folder.path, 'none-right', '3.2.1');
  const wrong = writeBackend(folder.path, 'none-wrong', '3.2.2');
  const broken = writeBackend(folder.path, 'none-broken', '3.2.1');
  writeFileSync(join(folder.path, 'node_modules/@node-llama-cpp/none-broken/package.json'), '{"version": 3');
  const names = ['right', 'wrong', 'broken', 'missing'].map((name) => `@node-llama-cpp/none-${name}`);
  const found = async () => {
    const imports = await Promise.allSettled(names.map((name) => import(`${name}`)));
    return imports.map(({ status }) => status === 'fulfilled');
  };
  const stop = useBackends(folder.path, '3.2.1', (note) => notes.push(note));
  assert.deepEqual(await found(), [true, false, false, false]);
  assert.ok(right.isAsked() && !wrong.isAsked() && !broken.isAsked());
  assert.deepEqual(notes.sort(), [
    `@node-llama-cpp/none-broken in ${folder.path} is not used: it is of version unknown, and 3.2.1 is needed.`,
    `@node-llama-cpp/none-wrong in ${folder.path} is not used: it is of version 3.2.2, and 3.2.1 is needed.`,
  ]);
  // Other packages are found as always.
  assert.ok('z' in (await import('zod')));
  stop();
});

test('a Node that cannot be told where packages are goes on without, and says so', () => {
  const notes: string[] = [];
  useBackends('/backends', '3.2.1', (note) => notes.push(note), null)();
  assert.match(notes.join(), /^\/backends is not used: Node 2\d/);
});

/*
 * The worker program itself, on a machine that seems to know Vulkan: node-llama-cpp asks for its build where a library of
 * that name is.
 */
const skip = process.platform !== 'linux' || process.arch !== 'x64';
async function openWithVulkan(folder: string) {
  writeFileSync(join(folder, 'libvulkan.so'), '');
  const runtime = createProcessRuntime(WORKER_PROGRAM, { ...process.env, LD_LIBRARY_PATH: folder });
  const t = await openPool({ runtime, backends: join(folder, 'backends') });
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Fine.'] }]));
  return t;
}
const vulkan = (folder: string, version: string, more?: string) =>
  writeBackend(join(folder, 'backends'), 'linux-x64-vulkan', version, more);

test('node-llama-cpp looks for its binaries in the folder, and goes on without them', { ...slow, skip }, async () => {
  using folder = tempFolder('vulkan');
  const backend = vulkan(folder.path, VERSION);
  await using t = await openWithVulkan(folder.path);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'Fine.');
  assert.ok(backend.isAsked());
  assert.equal(t.pids().length, 1);
  assert.equal(t.pool.status()[0]?.gpu, null);
});

test('a build of another version is left alone, which the log says', { ...slow, skip }, async () => {
  using folder = tempFolder('vulkan');
  const backend = vulkan(folder.path, '3.0.0');
  await using t = await openWithVulkan(folder.path);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'Fine.');
  assert.ok(!backend.isAsked());
  assert.match(t.log.join('\n'), /linux-x64-vulkan in .*backends is not used: it is of version 3\.0\.0, and/);
});

test('a build that ends the worker is not used a second time', { ...slow, skip }, async () => {
  using folder = tempFolder('vulkan');
  const backend = vulkan(folder.path, VERSION, 'process.abort();');
  await using t = await openWithVulkan(folder.path);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'Fine.');
  assert.ok(backend.isAsked());
  assert.equal(t.pids().length, 2);
  assert.match(t.log.join('\n'), /scripted is loaded without a graphics processor: with one, it crashed/);
});

test('binaries that do not load are an error that says so, and no worker is left', slow, async () => {
  const program = fileURLToPath(new URL('withoutBinaries.ts', import.meta.url));
  await using t = await openPool({ runtime: createProcessRuntime(program) });
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Fine.'] }]));
  await assert.rejects(t.ask('scripted', [user('hi')]), {
    code: 'unavailable',
    message: 'llama.cpp does not start on this machine.',
    hint: /ospain2 doctor/,
  });
  assert.equal(t.pool.status().length, 0);
});
