import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { it } from 'node:test';
import { checkProcesses } from '../../../cli/prove/processes.ts';

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
