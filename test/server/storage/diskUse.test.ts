import assert from 'node:assert/strict';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskUse } from '../../../server/storage/diskUse.ts';
import { tempFolder } from '../../support/temp.ts';

test('files of a folder are counted, once whatever their names, and no links', () => {
  using folder = tempFolder('use');
  using other = tempFolder('other');
  const at = (...parts: string[]) => join(folder.path, ...parts);
  mkdirSync(at('deep', 'er'), { recursive: true });
  writeFileSync(at('one'), Buffer.alloc(100));
  writeFileSync(at('deep', 'er', 'two'), Buffer.alloc(20));
  linkSync(at('one'), at('deep', 'the same'));
  writeFileSync(join(other.path, 'far'), Buffer.alloc(5000));
  symlinkSync(other.path, at('link'));
  assert.deepEqual(diskUse(folder.path), { files: 2, bytes: 120 });
  assert.deepEqual(diskUse(at('one'), at('deep')), { files: 2, bytes: 120 });
  assert.deepEqual(diskUse(at('nothing')), { files: 0, bytes: 0 });
});
