import { deepEqual, ok, rejects } from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { checkNative, checkVersions, nativeFiles, neighbours } from '../../../scripts/packaging/nativeCheck.ts';
import { targetNamed } from '../../../scripts/packaging/target.ts';
import { inRepository } from '../../../scripts/paths.ts';

const linux = targetNamed('linux-x64');
const prebuilt = (name: string): string => inRepository(`node_modules/better-sqlite3/prebuilds/${name}.node`);

/** A staging folder with a binary of the right platform in each place that asks for one. */
async function withStaging(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stage-'));
  try {
    for (const name of nativeFiles(linux)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await cp(prebuilt('linux-x64'), path.join(folder, name));
    }
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

it('accepts the native files of the target, and says what they are', () =>
  withStaging(async (folder) => {
    const hashes = await checkNative(linux, folder);
    deepEqual([...hashes.keys()], nativeFiles(linux).sort());
    ok([...hashes.values()].every((hash) => /^[0-9a-f]{64}$/.test(hash)));
  }));

it('refuses when one is missing', () =>
  withStaging(async (folder) => {
    await rm(path.join(folder, nativeFiles(linux)[2] ?? ''));
    await rejects(checkNative(linux, folder), /llama-addon\.node is missing/);
  }));

it('refuses one of another platform, whatever its name says', () =>
  withStaging(async (folder) => {
    await cp(prebuilt('linux-arm64'), path.join(folder, 'dist/linux-x64.node'));
    await rejects(checkNative(linux, folder), /linux-x64\.node is for linux-arm64, and this is linux-x64/);
    await cp(prebuilt('linux-x64'), path.join(folder, 'dist/linux-x64.node'));
    await cp(prebuilt('win32-x64'), path.join(folder, 'dist/readme.txt'));
    await rejects(checkNative(linux, folder), /readme\.txt is for win32-x64/);
  }));

it('refuses a library that is none', () =>
  withStaging(async (folder) => {
    await writeFile(path.join(folder, 'dist/libempty.so'), '');
    await rejects(checkNative(linux, folder), /libempty\.so is not a native file/);
  }));

it('refuses when a neighbour that a native file loads is missing', () =>
  withStaging(async (folder) => {
    const addon = nativeFiles(linux)[2] ?? '';
    const binary = await readFile(prebuilt('linux-x64'));
    await writeFile(path.join(folder, addon), Buffer.concat([binary, Buffer.from('\0libllama.v0.4.0.so\0')]));
    await rejects(checkNative(linux, folder), /llama-addon\.node loads .*libllama\.v0\.4\.0\.so, which is missing/);
    await cp(prebuilt('linux-x64'), path.join(folder, path.dirname(addon), 'libllama.v0.4.0.so'));
    await checkNative(linux, folder);
  }));

it('knows neighbours by the names of every platform', () => {
  const file = Buffer.from(
    '\0libllama.so\0ggml-base.dll\0@rpath/libggml-metal.dylib\0KERNEL32.dll\0no libggml.so here\0',
  );
  deepEqual(neighbours(file), ['ggml-base.dll', 'libggml-metal.dylib', 'libllama.so']);
});

it('refuses a link', () =>
  withStaging(async (folder) => {
    await symlink(prebuilt('linux-x64'), path.join(folder, 'dist/other.node'));
    await rejects(checkNative(linux, folder), /other\.node is a link/);
  }));

it('refuses a package that npm left out, or that stayed behind from another version', () =>
  withStaging(async (folder) => {
    const lock = { packages: { 'node_modules/a': { version: '2.0.0' }, 'node_modules/@b/c': { version: '1.0.0' } } };
    await mkdir(path.join(folder, 'a'));
    await writeFile(path.join(folder, 'a/package.json'), '{ "version": "2.0.0" }');
    await checkVersions(['a'], folder, lock);
    await rejects(checkVersions(['a', '@b/c'], folder, lock), /@b\/c 1\.0\.0 is missing/);
    await writeFile(path.join(folder, 'a/package.json'), '{ "version": "1.9.9" }');
    await rejects(checkVersions(['a'], folder, lock), /a is installed as 1\.9\.9, and package-lock\.json has 2\.0\.0/);
  }));
