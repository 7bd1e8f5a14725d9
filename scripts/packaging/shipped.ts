/** What a package is made of: every package of which it holds a part, and what is inside of those. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { inputPath } from '../bundles.ts';
import { inRepository } from '../paths.ts';
import { insides, type Shipped } from './insides.ts';
import { licencesOf, licenceTexts } from './licences.ts';
import { packageFolder } from './llamaFiles.ts';
import { type Lock, readLock } from './platformModules.ts';

/** Its styles go into the hub's without any bundler that would say so. */
const unseen = ['node_modules/tailwindcss'];

/** `folder`: a staging folder. `built`: what esbuild says of its bundles. */
export async function shippedIn(folder: string, built: Iterable<Metafile>): Promise<Shipped[]> {
  const inputs = [...built].flatMap(({ inputs }) => Object.keys(inputs).map(inputPath));
  const bundled = inputs.filter((input) => input.includes('node_modules/')).map(packageFolder);
  const hub = inputs.some((input) => input.startsWith('webview/'));
  const copied = await packagesBelow(path.join(folder, 'dist'));
  const folders = new Map([
    ...[...bundled, ...(hub ? unseen : [])].map((name) => [lockKey(name), inRepository(name)] as const),
    ...copied.map((name) => [name, path.join(folder, 'dist', name)] as const),
  ]);
  const lock = await readLock();
  const all = await Promise.all([...folders].map(([key, place]) => shipped(key, place, lock)));
  // One package may lie in several folders, at one version.
  const once = new Map(all.map((one) => [`${one.name}@${one.version}`, one]));
  return [...once.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version ?? '', b.version ?? ''));
}

async function shipped(key: string, place: string, { packages }: Lock): Promise<Shipped> {
  const { name, version, license } = JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8'));
  const entry = packages[key];
  if (entry?.version !== version) throw new Error(`${key} is ${version}, and package-lock.json has ${entry?.version}`);
  return {
    ...{ name, version, licence: licencesOf(name, license), texts: await licenceTexts(name, place) },
    ...(entry?.integrity === undefined ? {} : { integrity: entry.integrity }),
    inside: await insides(name, place),
  };
}

/** Folders of packages below a `node_modules` in `folder`, by their paths there. */
async function packagesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter(({ name }) => name === 'package.json')
    .map(({ parentPath }) => path.relative(folder, parentPath).split(path.sep).join('/'))
    .filter((name) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/.test(name));
}

/** Of a package that another platform's own folder holds, what the lock calls it. */
const lockKey = (name: string): string => name.slice(name.indexOf('node_modules/'));

// Not by the language of the machine.
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
