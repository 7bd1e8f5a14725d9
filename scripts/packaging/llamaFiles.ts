/**
 * What node-llama-cpp needs at run time, and nothing else.
 *
 * It cannot be bundled: it finds its binaries and its own version by paths relative to its files. But esbuild can say which
 * files its imports reach; the rest (a git bundle of llama.cpp's sources, cmake-js, documentation, types) only serves to
 * compile llama.cpp, which the product never does.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { inputPath } from '../bundles.ts';
import { inRepository, repository } from '../paths.ts';
import { isLicence } from './licences.ts';

const root = 'node_modules/node-llama-cpp';

/** Read by path rather than by import, so no bundler sees them. */
const data = ['llama/binariesGithubRelease.json', 'llama/llama.cpp.info.json', 'llama/package.json', 'llama/grammars'];

/** Paths below the repository, files and folders; all lie in `node_modules/`. */
export async function llamaFiles(): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [`${root}/dist/index.js`],
    absWorkingDir: repository,
    outdir: 'dist',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    // Resolve as Node does: no `module` condition, no `module` field; and drop nothing that looks unused.
    conditions: [],
    mainFields: ['main'],
    ignoreAnnotations: true,
    treeShaking: false,
    // Also where `node_modules` is a link, as in a second worktree: paths are those below the repository.
    preserveSymlinks: true,
    // The binaries are staged apart. The last two are asked for only by downloads and by Electron.
    external: ['@node-llama-cpp/*', '@reflink/reflink', 'electron'],
    logLevel: 'warning',
  });
  const modules = Object.keys(metafile.inputs).map(inputPath);
  const licences = await Promise.all([...new Set(modules.map(packageFolder))].map(licencesIn));
  const manifests = modules.flatMap(manifestsAbove);
  return [...new Set([...modules, ...manifests, ...licences.flat(), ...data.map((file) => `${root}/${file}`)])].sort();
}

/** The folder of the package that a file below `node_modules` belongs to. */
export function packageFolder(file: string): string {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  if (!found?.[1]) throw new Error(`${file} belongs to no package`);
  return found[1];
}

/** Node reads the `package.json` of a package, and of any folder inside that sets another `type`. */
function manifestsAbove(file: string): string[] {
  const top = packageFolder(file);
  const manifests: string[] = [];
  for (let folder = path.posix.dirname(file); folder.startsWith(top); folder = path.posix.dirname(folder)) {
    manifests.push(`${folder}/package.json`);
  }
  return manifests.filter((manifest) => existsSync(inRepository(manifest)));
}

/** Licences ask to come along with what they allow. */
export async function licencesIn(folder: string): Promise<string[]> {
  const names = await readdir(inRepository(folder));
  return names.filter(isLicence).map((name) => `${folder}/${name}`);
}
