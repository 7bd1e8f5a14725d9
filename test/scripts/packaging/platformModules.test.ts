import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { type Lock, nativeProject, platformModules, readLock } from '../../../scripts/packaging/platformModules.ts';
import { hostName, nativePackages, targetNamed, targets } from '../../../scripts/packaging/target.ts';
import { inRepository } from '../../../scripts/paths.ts';

it('finds the native packages of every platform in the lock, with their hashes', async () => {
  const lock = await readLock();
  for (const target of targets) {
    const project: { packages: Lock['packages'] } = JSON.parse(nativeProject(target, lock).lock);
    const { '': _root, ...entries } = project.packages;
    deepEqual(
      Object.keys(entries),
      nativePackages(target).map((name) => `node_modules/${name}`),
    );
    for (const entry of Object.values(entries)) ok(entry.integrity?.startsWith('sha512-'), target.name);
  }
});

it('asks npm for what is needed, not for what may be left out, and for no platform', async () => {
  const { manifest, lock } = nativeProject(targetNamed('win32-arm64'), await readLock());
  for (const word of ['optional', '"os"', '"cpu"']) ok(!lock.includes(word), word);
  equal(Object.keys(JSON.parse(manifest).dependencies).length, 3);
});

it('refuses where the lock does not name a package', async () => {
  const target = targetNamed('darwin-arm64');
  const { packages } = await readLock();
  const key = `node_modules/${target.llama}`;
  const { [key]: _gone, ...rest } = packages;
  throws(() => nativeProject(target, { packages: rest }), /mac-arm64-metal is not in package-lock.json/);
  const needy = { ...packages, [key]: { version: '1.0.0', integrity: 'sha512-x', dependencies: { zod: '4' } } };
  throws(() => nativeProject(target, { packages: needy }), /has dependencies/);
});

it('takes what is installed for this machine', async () => {
  const modules = await platformModules(targetNamed(hostName));
  equal(modules, inRepository('node_modules'));
  ok(existsSync(path.join(modules, targetNamed(hostName).llama)));
});
