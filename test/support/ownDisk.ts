import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp.ts';

/** Runs a program with the folder of a small disk that exists for it alone; answers what it printed. Linux only. */
export function onOwnDisk(
  program: string,
  { size = '1m', args = [] }: { size?: string; args?: string[] } = {},
): unknown {
  using temp = tempFolder('disk');
  const disk = join(temp.path, 'disk');
  mkdirSync(disk);
  const mount = 'disk=$1; mount -t tmpfs -o size="$2",mode=0700 none "$disk" && shift 2 && exec "$@"';
  // Mounting needs rights over a namespace of its own: root has them, others get them with a user namespace.
  const rights = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
  const { status, stdout, stderr, error } = spawnSync(
    'unshare',
    [...rights, '--', 'sh', '-c', mount, 'sh', disk, size, process.execPath, program, disk, ...args],
    { encoding: 'utf8' },
  );
  assert.equal(status, 0, `a disk for the test could not be mounted, or the program on it failed: ${error ?? stderr}`);
  return JSON.parse(stdout);
}
