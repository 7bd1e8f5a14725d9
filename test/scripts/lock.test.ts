import { equal, ok } from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { withLock } from '../../scripts/lock.mjs';
import { inRepository } from '../../scripts/paths.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('lets one process in at a time', async () => {
  const [lock, log] = [path.join(folder, 'a.lock'), path.join(folder, 'log')];
  const code = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(inRepository('scripts/lock.mjs'))};
    for (let round = 0; round < 3; round++) await withLock(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ');
      await new Promise((resolve) => setImmediate(resolve));
      appendFileSync(${JSON.stringify(log)}, 'out\\n');
    });`;
  const children = [1, 2, 3].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' }),
  );
  for (const [code] of await Promise.all(children.map((child) => once(child, 'exit')))) equal(code, 0);
  equal(await readFile(log, 'utf8'), 'in out\n'.repeat(9));
  ok(!existsSync(lock));
});

it('takes over from a process that died', async () => {
  const lock = path.join(folder, 'a.lock');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock, String(pid));
  await withLock(lock, () => appendFile(path.join(folder, 'log'), 'in'));
  equal(await readFile(path.join(folder, 'log'), 'utf8'), 'in');
});

it('opens again after a failure', async () => {
  const lock = path.join(folder, 'a.lock');
  const failed = await withLock(lock, () => Promise.reject(new Error('no'))).catch((error: Error) => error.message);
  equal(failed, 'no');
  equal(await withLock(lock, async () => 'in'), 'in');
});
