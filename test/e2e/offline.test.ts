import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ended, startServer, testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

/** A shell's worth of Linux without any network: not even the loopback interface is up. */
const NO_NETWORK = ['unshare', '--net', '--map-root-user'] as const;
const program = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

test('the wrapping really takes the network away', () => {
  const probe = "require('node:net').connect(9, '127.0.0.1').on('error', (e) => console.log(e.code))";
  const run = spawnSync(NO_NETWORK[0], [...NO_NETWORK.slice(1), process.execPath, '-e', probe], { encoding: 'utf8' });
  assert.equal(run.stdout.trim(), 'ENETUNREACH', run.stderr);
});

test('the server does a task without any network', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  await using server = await startServer({ workspace: workspace.path, data: data.path, wrap: NO_NETWORK });
  const { task } = await server.client.request('task/submit', {
    instruction: 'Set RETRY_MAX to 5 in src/limits.ts.',
    autoAccept: true,
  });
  const end = await ended(server.client, task.id);
  assert.equal(end.status, 'done', JSON.stringify(end.error));
  assert.match(readFileSync(join(workspace.path, 'src/limits.ts'), 'utf8'), /RETRY_MAX = 5;/);
});

test('the command line does a task without any network', () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const args = [
    'task',
    'new',
    'Set RETRY_MAX to 5 in src/limits.ts.',
    '--accept',
    '--json',
    '--workspace',
    workspace.path,
  ];
  const run = spawnSync(NO_NETWORK[0], [...NO_NETWORK.slice(1), process.execPath, program('dist/cli.js'), ...args], {
    encoding: 'utf8',
    env: testEnv(data.path),
  });
  assert.equal(run.status, 0, run.stderr + run.stdout);
  assert.match(readFileSync(join(workspace.path, 'src/limits.ts'), 'utf8'), /RETRY_MAX = 5;/);
});

test('the demo runs without any network', { timeout: 120_000 }, () => {
  const run = spawnSync(NO_NETWORK[0], [...NO_NETWORK.slice(1), process.execPath, program('scripts/demo.ts')], {
    encoding: 'utf8',
  });
  assert.equal(run.status, 0, run.stderr + run.stdout);
});
