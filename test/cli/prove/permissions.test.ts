import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { checkPermissions } from '../../../cli/prove/permissions.ts';
import { tempFolder } from '../../support/temp.ts';

const skip = process.platform === 'win32' ? 'Windows has other permissions' : false;

it('names every file and folder that others may use', { skip }, () => {
  using folder = tempFolder('places');
  const inner = join(folder.path, 'inner');
  mkdirSync(inner, { mode: 0o700 });
  writeFileSync(join(inner, 'key'), 'x', { mode: 0o600 });
  const uid = process.getuid?.() ?? 0;
  assert.deepEqual(checkPermissions([folder.path], uid), { files: 1, folders: 2, open: [] });
  chmodSync(join(inner, 'key'), 0o640);
  chmodSync(inner, 0o711);
  assert.deepEqual(checkPermissions([folder.path], uid).open, [
    { path: inner, mode: '711' },
    { path: join(inner, 'key'), mode: '640' },
  ]);
  // Ours alone, and not the one's whom it is for.
  assert.equal(checkPermissions([folder.path], uid + 1).open.length, 3);
});
