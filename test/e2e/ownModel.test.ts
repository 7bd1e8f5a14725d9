import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

test('a model of the person’s own does what the embedded one was not taught', () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using models = tempFolder('models');
  const path = join(models.path, 'mine.gguf');
  writeScriptedModel(path, [{ answers: ['It bounds a rate.'] }]);
  const args = ['task', 'new', '--kind', 'ask', 'Tell me about rates', '--workspace', workspace.path];
  const run = spawnSync(process.execPath, [CLI, ...args], {
    encoding: 'utf8',
    env: { ...testEnv(data.path), OSPAIN2_MODELS: path },
  });
  assert.equal(run.stdout.trim(), 'It bounds a rate.', run.stderr);
  assert.equal(run.status, 0);
});
