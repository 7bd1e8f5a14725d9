import { equal, match } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { inRepository } from '../../scripts/paths.ts';

const run = (...args: string[]) =>
  spawnSync(process.execPath, [inRepository('scripts/run.mjs'), ...args], { encoding: 'utf8', timeout: 120_000 });

it('says when there is no such script', () => {
  for (const args of [['nothing'], [], ['../cli/main']]) {
    const { status, stderr } = run(...args);
    equal(status, 64);
    match(stderr, /there is no script/);
  }
});

it('passes arguments on and the exit code back', () => {
  const { status, stderr } = run('build', '--target', 'plan9-x64');
  equal(status, 1);
  match(stderr, /no target 'plan9-x64'/);
});
