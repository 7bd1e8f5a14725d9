import { deepEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { inRepository } from '../../../scripts/paths.ts';

const tests = `
import { describe, it } from 'node:test';
describe('a suite', () => {
  it('passes', () => {});
  it('fails', () => { throw new Error('no'); });
  it('waits for a disk', { skip: 'no disk' }, () => {});
});
it('passes too', () => {});
`;

it('counts tests, not suites or files, and names what was skipped', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'count-'));
  try {
    await writeFile(path.join(folder, 'a.test.mjs'), tests);
    await writeFile(path.join(folder, 'broken.test.mjs'), 'import "./nothing.mjs";');
    const out = path.join(folder, 'counts.json');
    const reporter = inRepository('scripts/testing/countReporter.ts');
    const reporters = [`--test-reporter=${reporter}`, `--test-reporter-destination=${out}`];
    // A test that runs tests: without this Node takes the inner run for a part of the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const files = ['a.test.mjs', 'broken.test.mjs'];
    spawnSync(process.execPath, ['--test', ...reporters, ...files], { cwd: folder, env });
    const counts = JSON.parse(await readFile(out, 'utf8'));
    deepEqual(counts, { passed: 2, failed: 2, skipped: ['waits for a disk: no disk'] });
  } finally {
    await rm(folder, { recursive: true });
  }
});
