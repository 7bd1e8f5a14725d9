import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { checkPermissions } from '../../../cli/prove/permissions.ts';
import { checkProcesses } from '../../../cli/prove/processes.ts';
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

it('finds secrets in arguments and environments of processes and of what they started', {
  skip: process.platform === 'linux' ? false : 'only Linux shows them',
}, async () => {
  const inner =
    "const child = require('node:child_process').spawn(process.execPath, ['-e', 'console.log(1);process.stdin.resume()', 'lapwing'], { env: { SAID: 'curlew' }, stdio: ['pipe', 'inherit', 'inherit'] });";
  const child = spawn(process.execPath, ['-e', inner], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const found = checkProcesses([Number(child.pid)], { argument: 'lapwing', variable: 'curlew', nowhere: 'godwit' });
    assert.equal(found?.examined, 2);
    const leaks = found?.leaks.map((leak) => leak.replace(/\d+$/, 'N')).sort();
    // The outer one has both in its program, too.
    assert.deepEqual(
      [...new Set(leaks)],
      [
        'argument in the arguments of process N',
        'variable in the arguments of process N',
        'variable in the environment of process N',
      ],
    );
  } finally {
    child.stdin.end();
    child.kill();
    await once(child, 'exit');
  }
});
