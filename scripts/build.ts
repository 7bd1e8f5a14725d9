/**
 * Bundles the product with esbuild.
 *
 *   npm run build [-- --target linux-x64] [--production] [--watch]
 */
import { createHash } from 'node:crypto';
import { glob, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { context, type Metafile, build as runEsbuild } from 'esbuild';
import { type Bundle, type BundleOptions, bundles, inputPath } from './bundles.ts';
import { withLock } from './lock.mjs';
import { llamaFiles } from './packaging/llamaFiles.ts';
import { hostName, type Target, targetNamed } from './packaging/target.ts';
import { cacheFolder, distFolder, inRepository, repository } from './paths.ts';

const lockFile = path.join(cacheFolder, 'build.lock');

/** Bundles the programs, all where none is named, and only then replaces what is in `outdir`. Resolves with what went into each. */
export async function build(
  options: BundleOptions,
  programs?: readonly Bundle['name'][],
): Promise<ReadonlyMap<Bundle['name'], Metafile>> {
  const { outdir } = options;
  const fresh = `${outdir}.new`;
  await rm(fresh, { recursive: true, force: true });
  const wanted = bundles({ ...options, outdir: fresh }).filter(({ name }) => programs?.includes(name) ?? true);
  const made = wanted.map(async (bundle) => {
    const { metafile } = await runEsbuild(bundle.options);
    checkInputs(bundle, metafile);
    return [bundle.name, metafile] as const;
  });
  // All have to end before the folder can go.
  if ((await Promise.allSettled(made)).some(({ status }) => status === 'rejected')) {
    await rm(fresh, { recursive: true, force: true });
  }
  const built = await Promise.all(made);
  await writeFile(path.join(fresh, 'workerFiles.json'), JSON.stringify(await workerFiles(options.target)));
  await replaceBundles(fresh, outdir);
  return new Map(built);
}

/** What the worker needs of packages, as images of it are made: files and folders below `node_modules`. */
const workerFiles = async ({ llama }: Target): Promise<string[]> => [
  ...(await llamaFiles()).map((file) => file.slice('node_modules/'.length)),
  llama,
];

/** Packages lie beside the bundles and stay. */
async function replaceBundles(fresh: string, outdir: string): Promise<void> {
  await mkdir(outdir, { recursive: true });
  const old = (await readdir(outdir)).filter((name) => !isPackage(name));
  for (const name of old) await rm(path.join(outdir, name), { recursive: true });
  for (const name of await readdir(fresh)) await rename(path.join(fresh, name), path.join(outdir, name));
  await rm(fresh, { recursive: true });
}

/** `.exe` is an installer: the bundles are for Node. */
const isPackage = (name: string): boolean => /\.(vsix|tgz|exe|cdx\.json)$|^SHA256SUMS/.test(name);

/** Builds `dist/` for this platform unless it is what the sources give already. Several processes may ask at once. */
export async function ensureBuilt(): Promise<void> {
  const options = { target: targetNamed(hostName), outdir: distFolder, production: false };
  const stampFile = path.join(distFolder, '.sources');
  await withLock(lockFile, async () => {
    const sources = await hashOfSources();
    if ((await readFile(stampFile, 'utf8').catch(() => '')) === sources) return;
    await build(options);
    await writeFile(stampFile, sources);
  });
}

/** Throws when a bundle holds what its process must not have, such as the database in the extension host. */
export function checkInputs(bundle: Pick<Bundle, 'name' | 'forbidden'>, metafile: Pick<Metafile, 'inputs'>): void {
  const inputs = Object.keys(metafile.inputs).map(inputPath);
  const isIn = (input: string, part: string) =>
    input.startsWith(part) || (part.startsWith('node_modules/') && input.includes(`/${part}/`));
  const wrong = inputs.filter((input) => bundle.forbidden.some((part) => isIn(input, part)));
  if (wrong.length > 0) throw new Error(`the ${bundle.name} bundle must not hold ${wrong.slice(0, 5).join(', ')}`);
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const patterns = [
    '{guard,protocol,server,extension,cli,webview,l10n}/**/*.{ts,tsx,html,css,json,webmanifest}',
    'scripts/{build,bundles,hub,packaging/llamaFiles,strictPackages,packaging/target}.ts',
  ];
  const found: string[] = [];
  for await (const file of glob(patterns, { cwd: repository })) found.push(file);
  for (const file of ['package.json', 'package-lock.json', ...found.sort()]) {
    hash.update(`${file}\0`).update(await readFile(inRepository(file)));
  }
  return hash.digest('hex');
}

async function watch(options: BundleOptions): Promise<void> {
  for (const bundle of bundles(options)) {
    const watched = await context({ ...bundle.options, logLevel: 'info' });
    await watched.watch();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: hostName },
      production: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
    },
  });
  const target = targetNamed(values.target);
  const outdir = target.name === hostName ? distFolder : path.join(cacheFolder, 'dist', target.name);
  const options = { target, outdir, production: values.production };
  if (values.watch) return watch(options);
  const built = await withLock(lockFile, () => build(options));
  for (const [name, { outputs }] of built) {
    const bytes = Object.values(outputs).reduce((sum, output) => sum + output.bytes, 0);
    process.stdout.write(`${name.padEnd(10)} ${(bytes / 1024).toFixed(0).padStart(6)} KiB\n`);
  }
}

if (import.meta.main) await main();
