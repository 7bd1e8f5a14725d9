import { equal, match } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { inRepository } from '../../scripts/paths.ts';

const npmTest = (...args: string[]) =>
  spawnSync(process.execPath, [inRepository('scripts/test.ts'), ...args], { encoding: 'utf8', timeout: 120_000 });

it('fails when a filter finds no test, with the reason and the sum', () => {
  const { status, stdout } = npmTest('--only', 'unit', 'no/such/file');
  equal(status, 1);
  match(stdout, /no test matches no\/such\/file/);
  match(stdout, /\n0 passed, 1 failed\n$/);
});

it('refuses a phase that is none', () => {
  const { status, stderr } = npmTest('--only', 'everything');
  equal(status, 1);
  match(stderr, /--only is one of check, unit, host, ui/);
});
