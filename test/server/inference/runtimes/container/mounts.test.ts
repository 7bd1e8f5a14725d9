import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  fileMounts,
  fileTarget,
  folderMounts,
  inFolders,
} from '../../../../../server/inference/runtimes/container/mounts.ts';
import { tempFolder } from '../../../../support/temp.ts';

test('a file in a folder that all workers see has its place there; others have none', () => {
  const folders = ['/data/blobs', '/app/models'];
  assert.deepEqual(folderMounts(folders)[1], { source: '/app/models', target: '/models/1' });
  assert.equal(inFolders(folders, '/data/blobs/set-1/a.gguf'), '/models/0/set-1/a.gguf');
  assert.equal(inFolders(folders, '/app/models/a.gguf'), '/models/1/a.gguf');
  assert.equal(inFolders(folders, '/app/models-of-mine/a.gguf'), null);
  assert.equal(inFolders(folders, '/app/a.gguf'), null);
});

test('of another model its files alone are seen, and links by what they lead to', () => {
  using folder = tempFolder('mounts');
  const blob = join(folder.path, 'blob');
  writeFileSync(blob, '');
  for (const part of ['1', '2']) symlinkSync(blob, join(folder.path, `a-0000${part}-of-00002.gguf`));
  const second = join(folder.path, 'a-00002-of-00002.gguf');
  assert.deepEqual(fileMounts(second), [
    { source: blob, target: '/models/file/a-00001-of-00002.gguf' },
    { source: blob, target: '/models/file/a-00002-of-00002.gguf' },
  ]);
  assert.equal(fileTarget(second), '/models/file/a-00002-of-00002.gguf');
});
