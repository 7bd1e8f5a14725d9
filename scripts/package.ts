/**
 * Makes the VSIX of one platform.
 *
 *   npm run package [-- --target linux-x64]
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';
import { cacheFolder, distFolder, inRepository } from './paths.ts';
import { sizeTable } from './sizeTable.ts';
import { stage } from './stage.ts';
import { hostName, type Target, targetNamed } from './target.ts';
import { readZip, type ZipEntry } from './zip.ts';

/** What a person may have to download. */
const MAX_BYTES = 40 * 1024 * 1024;

export interface Packaged {
  readonly file: string;
  readonly entries: readonly ZipEntry[];
}

/** Where the VSIX of a target lies once it is made. */
export async function vsixFile(target: Target): Promise<string> {
  const { version } = JSON.parse(await readFile(inRepository('package.json'), 'utf8'));
  return path.join(distFolder, `ospain2-${target.name}-${version}.vsix`);
}

export async function packageVsix(target: Target): Promise<Packaged> {
  const folder = path.join(cacheFolder, 'package', target.name);
  return withLock(`${folder}.lock`, async () => {
    const modules = target.name === hostName ? inRepository('node_modules') : await installFor(target);
    const staging = path.join(folder, 'staging');
    await stage({ target, folder: staging, modules });
    await rm(path.join(folder, 'install'), { recursive: true, force: true });
    const made = path.join(folder, 'made.vsix');
    const vsce = inRepository('node_modules/@vscode/vsce/vsce');
    const options = ['--target', target.name, '--no-dependencies', '--no-rewrite-relative-links', '--out', made];
    await promisify(execFile)(process.execPath, [vsce, 'package', ...options, '--allow-missing-repository'], {
      cwd: staging,
      maxBuffer: 16 * 1024 * 1024,
    });
    const entries = await readZip(made);
    const bytes = entries.reduce((sum, entry) => sum + entry.packedBytes, 0);
    if (bytes > MAX_BYTES)
      throw new Error(`the VSIX has ${bytes} bytes, more than ${MAX_BYTES}\n${sizeTable(entries)}`);
    const file = await vsixFile(target);
    await mkdir(distFolder, { recursive: true });
    await rename(made, file);
    return { file, entries };
  });
}

/** Another platform's packages: npm installs them apart, without running anything of theirs. */
async function installFor(target: Target): Promise<string> {
  const folder = path.join(cacheFolder, 'package', target.name, 'install');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) await cp(inRepository(name), path.join(folder, name));
  const platform = [`--os=${target.os}`, `--cpu=${target.cpu}`, '--libc=glibc'];
  npm(['ci', ...platform, '--omit=dev', '--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund'], folder);
  return path.join(folder, 'node_modules');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: 'string', default: hostName } } });
  const { file, entries } = await packageVsix(targetNamed(values.target));
  process.stdout.write(`${sizeTable(entries)}\n${path.relative(process.cwd(), file)}\n`);
}

if (import.meta.main) await main();
