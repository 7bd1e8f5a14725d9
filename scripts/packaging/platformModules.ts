/** The packages with native files of one platform, whatever this machine is. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { npm } from '../npm.mjs';
import { cacheFolder, inRepository } from '../paths.ts';
import { hostName, nativePackages, type Target } from './target.ts';

export interface LockEntry {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

export const readLock = async (): Promise<Lock> =>
  JSON.parse(await readFile(inRepository('package-lock.json'), 'utf8'));

/**
 * Resolves with a `node_modules` folder that holds the target's packages: the repository's own for this machine, and for
 * another one of its own, where npm installs them without running anything of theirs. It is kept until the lock changes.
 */
export async function platformModules(target: Target): Promise<string> {
  if (target.name === hostName) return inRepository('node_modules');
  const { manifest, lock } = nativeProject(target, await readLock());
  const stamp = createHash('sha256').update(lock).digest('hex').slice(0, 16);
  const folder = path.join(cacheFolder, 'package', target.name, `modules-${stamp}`);
  const modules = path.join(folder, 'node_modules');
  if ((await readFile(path.join(folder, 'package-lock.json'), 'utf8').catch(() => '')) === lock) return modules;
  const fresh = `${folder}.new`;
  for (const old of [fresh, folder]) await rm(old, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  await writeFile(path.join(fresh, 'package.json'), manifest);
  await writeFile(path.join(fresh, 'package-lock.json'), lock);
  npm(['ci', '--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund'], fresh);
  await rename(fresh, folder);
  return modules;
}

/**
 * A project that depends on the target's native packages and nothing else, at the versions and with the hashes of our lock.
 * They are not optional in it, so that one that cannot be had is an error, where npm would say nothing; and without a platform, which
 * npm would hold against this machine's.
 */
export function nativeProject(target: Target, { packages }: Lock): { manifest: string; lock: string } {
  const entries = nativePackages(target).map((name) => {
    const key = `node_modules/${name}`;
    const entry = packages[key];
    if (entry?.integrity === undefined) throw new Error(`${name} is not in package-lock.json: ${target.name} needs it`);
    if (entry.dependencies !== undefined) throw new Error(`${name} has dependencies, which would not be packaged`);
    const { version, resolved, integrity } = entry;
    return { name, key, entry: { version, resolved, integrity } };
  });
  const root = {
    name: `ospain2-native-${target.name}`,
    version: '0.0.0',
    dependencies: Object.fromEntries(entries.map(({ name, entry }) => [name, entry.version])),
  };
  const lock = {
    name: root.name,
    version: root.version,
    lockfileVersion: 3,
    requires: true,
    packages: { '': root, ...Object.fromEntries(entries.map(({ key, entry }) => [key, entry])) },
  };
  const text = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;
  return { manifest: text({ ...root, private: true }), lock: text(lock) };
}
