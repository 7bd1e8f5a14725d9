import { rejects } from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { inRepository } from '../../scripts/paths.ts';
import { checkNative, nativeFiles } from '../../scripts/stage.ts';
import { targetNamed } from '../../scripts/target.ts';

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

it('accepts the native files of the target', () => withStaging((folder) => checkNative(linux, folder)));

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
