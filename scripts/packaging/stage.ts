/** The folder that becomes a package: everything that runs on one platform, and nothing else. */
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from '../build.ts';
import type { Bundle } from '../bundles.ts';
import { withLock } from '../lock.mjs';
import { cacheFolder, inRepository } from '../paths.ts';
import type { Shipped } from './insides.ts';
import { llamaFiles } from './llamaFiles.ts';
import { manifestOf, type Product, readManifest } from './manifest.ts';
import { checkNative, checkVersions } from './nativeCheck.ts';
import { notices } from './notices.ts';
import { platformModules } from './platformModules.ts';
import { packagedReadme } from './readme.ts';
import { type Materials, sbom } from './sbom.ts';
import { shippedIn } from './shipped.ts';
import { sourceEpoch } from './sourceEpoch.ts';
import { syntaxFiles } from './syntaxFiles.ts';
import { nativePackages, type Target } from './target.ts';

interface Content {
  readonly programs: readonly Bundle['name'][];
  /** Files and folders of the repository: what a person reads, the model, and what the product shows and copies. */
  readonly copied: readonly string[];
}

const texts = ['CHANGELOG.md', 'LICENSE'];
const manifestTexts = ['package.nls.json', 'package.nls.de.json', 'package.nls.zh-cn.json'];

const contents: Readonly<Record<Product, Content>> = {
  extension: {
    programs: ['extension', 'server', 'worker', 'cli', 'hub'],
    copied: [...texts, 'media', 'l10n', ...manifestTexts],
  },
  cli: { programs: ['server', 'worker', 'cli', 'hub'], copied: [...texts, 'media/models', 'media/sample'] },
};

export interface Staging {
  readonly product: Product;
  readonly target: Target;
}

/** Stages a product for a target and hands the folder to `work`; one at a time of each, since it is made anew. */
export async function withStaged<T>(staging: Staging, work: (folder: string) => Promise<T>): Promise<T> {
  const { product, target } = staging;
  const folder = path.join(cacheFolder, 'package', target.name, product);
  return withLock(path.join(cacheFolder, 'package', `${target.name}.lock`), async () => {
    await stage(staging, folder, await platformModules(target));
    return work(folder);
  });
}

/** `modules`: the `node_modules` folder that holds the target's native packages. */
async function stage({ product, target }: Staging, folder: string, modules: string): Promise<void> {
  const { programs, copied } = contents[product];
  await checkVersions(nativePackages(target), modules);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const dist = path.join(folder, 'dist');
  const built = await build({ target, outdir: dist, production: true, modules }, programs);
  await writeFile(path.join(folder, 'package.json'), await manifestOf(product, target));
  await writeFile(path.join(folder, 'README.md'), packagedReadme(await readFile(inRepository('README.md'), 'utf8')));
  for (const name of copied) await copy(inRepository(name), path.join(folder, name));
  // Below `dist`, since vsce leaves out a `node_modules` at the top that npm does not vouch for.
  for (const file of [...(await llamaFiles()), ...(await syntaxFiles())])
    await copy(inRepository(file), path.join(dist, file));
  // The keyring's addon lies beside the bundle that opens it.
  for (const name of [target.llama, target.ripgrep, target.vectors])
    if (name !== undefined) await copy(path.join(modules, name), path.join(dist, 'node_modules', name));
  const natives = await checkNative(target, folder);
  const shipped = await shippedIn(folder, built.values());
  await writeFile(path.join(dist, 'NOTICES.txt'), notices(shipped));
  await writeFile(path.join(folder, SBOM), await materials({ product, target }, shipped, natives));
  await setModes(folder);
}

/** The bill of materials in a package. */
export const SBOM = 'dist/sbom.cdx.json';

async function materials(
  { product, target }: Staging,
  shipped: readonly Shipped[],
  natives: Materials['natives'],
): Promise<string> {
  const { version, license } = await readManifest();
  const epoch = await sourceEpoch();
  return sbom({
    product: `ospain2-${product}`,
    version,
    licence: license,
    target: target.name,
    shipped,
    natives,
    epoch,
  });
}

/** Files behind a link, too, as in a worktree whose `node_modules` is one. */
const copy = (from: string, to: string): Promise<void> => cp(from, to, { recursive: true, dereference: true });

/** The same modes whatever the machine's own are: programs can be run, and everything can be read by everybody. */
async function setModes(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(path.join(entry.parentPath, entry.name), entry.isDirectory() || isProgram(entry.name) ? 0o755 : 0o644);
}

/** By name, since Windows keeps no such mode. */
export const isProgram = (file: string): boolean => /(^|\/)(rg|cli\.js)$/.test(file);
