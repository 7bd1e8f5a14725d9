import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
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
    autoAccept: 'edits',
  });
  const end = await ended(server.client, task.id);
  assert.equal(end.status, 'done', JSON.stringify(end.error));
  assert.match(readFileSync(join(workspace.path, 'src/limits.ts'), 'utf8'), /RETRY_MAX = 5;/);
});

test('models are imported, loaded, measured, asked and verified without any network, and nothing went out', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  await using server = await startServer({ workspace: workspace.path, data: data.path, wrap: NO_NETWORK });
  const { client } = server;
  const path = join(workspace.path, 'coder.gguf');
  writeScriptedModel(path, [{ answers: ['Here I am.'] }]);
  const { model } = await client.request('model/import', { path, alias: 'fill' });
  await client.request('model/load', { model: 'fill' });
  const messages = [{ role: 'user' as const, text: 'Who are you?' }];
  assert.equal((await client.request('inference/chat', { model: 'fill', messages })).text, 'Here I am.');
  const { benchmark } = await client.request('model/benchmark', { model: 'canary' });
  assert.ok(benchmark.decodeRate > 0);
  const { files } = await client.request('model/verify', { model: model.name });
  assert.deepEqual(
    files.map(({ found }) => found),
    ['whole'],
  );
  assert.ok((await client.request('model/catalogue', {})).models.length > 0);
  await client.request('model/remove', { model: model.name });
  assert.deepEqual((await client.request('egress/list', {})).entries, []);
  // What alone needs another machine says so, and can be given up.
  const { pull } = await client.request('pull/start', { source: 'http://127.0.0.1:9/model.gguf' });
  const given = await client.request('pull/cancel', { pullId: pull.id });
  assert.equal(given.pull.state, 'cancelled');
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
