/** The patches of `patches/` on what npm installed. Plain JavaScript: runs before Node 24 is there. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** @type {import('./patches.d.mts').patchesStamp} */
export function patchesStamp(repository) {
  const folder = path.join(repository, 'patches');
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(path.join(folder, name)));
  return hash.digest('hex');
}

/** @type {import('./patches.d.mts').applyPatches} */
export function applyPatches(repository) {
  const program = path.join(repository, 'node_modules/patch-package/index.js');
  const { status, error } = spawnSync(process.execPath, [program, '--error-on-fail', '--error-on-warn'], {
    cwd: repository,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error) throw new Error(`patch-package could not be started: ${error.message}`);
  if (status !== 0) throw new Error('a patch does not fit what is installed: look at patches/ and package-lock.json');
}
