import { equal, match, notEqual } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { program } from '../../../scripts/testing/program.ts';

const quiet = { quiet: true, timeoutMs: 60_000 };

it('gives the exit code and both outputs', async () => {
  const code = 'console.log("out"); console.error("err"); process.exitCode = 3;';
  const ended = await program({ ...quiet, args: ['-e', code] });
  equal(ended.code, 3);
  match(ended.output, /out/);
  match(ended.output, /err/);
});

it('ends a program that hangs, with its children, and says so', async () => {
  const child = 'process.stdin.resume(); setInterval(() => {}, 1e6); console.log("pid " + process.pid);';
  const code = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' });`;
  const ended = await program({ ...quiet, args: ['-e', `${code} setInterval(() => {}, 1e6);`], timeoutMs: 3_000 });
  notEqual(ended.code, 0);
  match(ended.output, /ended after 3 s/);
  const pid = Number(/pid (\d+)/.exec(ended.output)?.[1]);
  equal(runs(pid), false);
});

/** A process that ended and that nobody has waited for yet is still listed, and does not run. */
function runs(pid: number): boolean {
  if (existsSync('/proc/self/stat')) {
    if (!existsSync(`/proc/${pid}/stat`)) return false;
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  }
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
