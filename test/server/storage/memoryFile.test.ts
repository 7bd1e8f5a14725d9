import assert from 'node:assert/strict';
import { closeSync, fstatSync, readdirSync, statfsSync } from 'node:fs';
import { test } from 'node:test';
import { openMemoryFile } from '../../../server/storage/memoryFile.ts';
import { tempFolder } from '../../support/temp.ts';

const onLinux = process.platform === 'linux';

test('a file in memory has no name', { skip: !onLinux }, () => {
  const before = readdirSync('/dev/shm');
  const file = openMemoryFile();
  assert.ok(file !== null, 'this machine has /dev/shm');
  try {
    const { nlink, mode, size } = fstatSync(file);
    assert.deepEqual([nlink, mode & 0o777, size], [0, 0o600, 0]);
    assert.deepEqual(readdirSync('/dev/shm'), before);
  } finally {
    closeSync(file);
  }
});

test('there is none on a disk, in no folder, and on no other system', () => {
  using disk = tempFolder('disk');
  assert.equal(openMemoryFile(`${disk.path}/none`), null);
  assert.equal(openMemoryFile('/proc'), null);
  // The repository itself may be in memory.
  if (onLinux && statfsSync(import.meta.dirname).type !== 0x01021994)
    assert.equal(openMemoryFile(import.meta.dirname), null);
  for (const platform of ['win32', 'darwin'] as const) assert.equal(openMemoryFile('/dev/shm', platform), null);
});
