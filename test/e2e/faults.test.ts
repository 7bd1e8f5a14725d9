import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ErrorCode, type OspainError, type Result, WireError } from '../../protocol/index.ts';
import { writeDatabase } from '../server/storage/workspaceData.ts';
import { writeScriptedModel } from '../support/gguf/scriptedModel.ts';
import { startLanguageServer } from '../support/languageServer.ts';
import { ended, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const CANARY = fileURLToPath(new URL('../../media/models/canary.gguf', import.meta.url));

/** Mounts a small or read-only file system; the returned disposable unmounts it. Needs root, as the test machines give. */
function mounted(args: readonly string[], at: string): Disposable {
  const run = spawnSync('mount', [...args, at], { encoding: 'utf8' });
  assert.equal(run.status, 0, `mount ${args.join(' ')} needs root: ${run.stderr}`);
  return { [Symbol.dispose]: () => void spawnSync('umount', ['--lazy', at]) };
}

/** The one database below a data root of the tasks of a workspace, or of the models. */
function databaseIn(data: string, name: 'ospain2.db' | 'registry.db' = 'ospain2.db'): string {
  const [file] = readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === name)
    .map((entry) => join(entry.parentPath, entry.name));
  assert.ok(file !== undefined);
  return file;
}

test('models that cannot be used: a clear error each, and the next task works', { timeout: 180_000 }, async () => {
  using models = tempFolder('fault-models');
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const path = (name: string) => join(models.path, name);
  const bytes = readFileSync(CANARY);
  writeFileSync(path('truncated.gguf'), bytes.subarray(0, bytes.length >> 1));
  writeFileSync(path('notes.gguf'), 'these are my notes, not a model');
  // A head count of zero is an assertion in llama.cpp: the process aborts.
  writeScriptedModel(path('aborting.gguf'), [{ answers: ['never said'] }], {
    metadata: { 'llama.attention.head_count': { u32: 0 } },
  });
  const expected: Record<string, ErrorCode> = {
    truncated: 'model_unreadable',
    notes: 'model_unreadable',
    aborting: 'model_crashed',
    missing: 'model_missing',
    'no such name': 'model_missing',
  };
  const files = ['truncated', 'notes', 'aborting', 'missing'].map((name) => path(`${name}.gguf`));
  await using server = await startServer({ workspace: workspace.path, data: data.path, settings: { models: files } });
  const { client } = server;
  for (const [model, code] of Object.entries(expected)) {
    const { task } = await client.request('task/submit', { kind: 'ask', instruction: 'What is this?', model });
    const end = await ended(client, task.id);
    assert.equal(end.status, 'failed', model);
    assert.equal(end.error?.code, code, `${model}: ${JSON.stringify(end.error)}`);
    assert.ok(end.error?.message && end.error.hint, `${model} says what happened and what to do`);
  }
  const { task } = await client.request('task/submit', {
    instruction: 'Set RETRY_MAX to 5 in src/limits.ts.',
    model: 'canary',
  });
  assert.equal((await ended(client, task.id)).status, 'done');
  assert.equal((await client.request('task/list', {})).total, Object.keys(expected).length + 1);
});

/** What an editor's request is answered with when the core could not start: an error with this code, again and again. */
async function assertAnswers(data: string, code: ErrorCode): Promise<void> {
  using workspace = sampleWorkspace();
  await using server = await startLanguageServer({ workspace: workspace.path, data });
  for (let again = 0; again < 2; again++)
    await assert.rejects(server.connection.sendRequest('task/list', {}), (error: { data?: unknown }) => {
      const wire = WireError.parse(error.data);
      assert.equal(wire.code, code, JSON.stringify(wire));
      assert.ok(wire.hint, 'it says what to do');
      return true;
    });
}

test('a read-only data folder', async () => {
  using data = tempFolder('data');
  using _mount = mounted(['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs'], data.path);
  await assertAnswers(data.path, 'storage_read_only');
});

test('a full data folder at the start', async () => {
  using data = tempFolder('data');
  using _mount = mounted(['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs'], data.path);
  await assertAnswers(data.path, 'storage_full');
});

test('a data folder that fills up: refused with the reason, and what was acknowledged stays', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using _mount = mounted(['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs'], data.path);
  await using server = await startServer({ workspace: workspace.path, data: data.path });
  const { client } = server;
  const acknowledged: string[] = [];
  const instruction = `Plan: ${'fill the disk '.repeat(10_000)}`;
  await assert.rejects(
    async () => {
      for (let i = 0; i < 100; i++)
        acknowledged.push((await client.request('task/submit', { kind: 'plan', instruction })).task.id);
    },
    { code: 'storage_full' },
  );
  assert.ok(acknowledged.length > 0, 'some fitted');
  const { total } = await client.request('task/list', { limit: 1000 });
  assert.equal(total, acknowledged.length, 'no more and no less than was acknowledged');
});

test('a wrong key: refused, and the database is as it was', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const first = await startServer({ workspace: workspace.path, data: data.path });
  await first.client.request('task/submit', { instruction: 'Set RETRY_MAX to 5 in src/limits.ts.' });
  await first.stop();
  const file = databaseIn(data.path);
  const before = readFileSync(file);
  const secret = readdirSync(data.path).find((name) => /^root-secret-[0-9a-f]+$/.test(name)) ?? '';
  const keyFile = join(data.path, secret);
  const key = readFileSync(keyFile, 'utf8');
  writeFileSync(
    keyFile,
    key.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
  );
  const again = { workspace: workspace.path, data: data.path };
  await assert.rejects(startServer(again), { code: 'key_unavailable' });
  assert.deepEqual(readFileSync(file), before);
  writeFileSync(keyFile, key);
  await using server = await startServer(again);
  assert.equal((await server.client.request('task/list', {})).total, 1, 'with the right key all is there');
});

test('a corrupt database: refused, never replaced', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const first = await startServer({ workspace: workspace.path, data: data.path });
  for (let i = 0; i < 20; i++)
    await first.client.request('task/submit', { kind: 'plan', instruction: `Plan: ${'a goal '.repeat(500)}` });
  await first.stop();
  const file = databaseIn(data.path);
  const bytes = readFileSync(file);
  for (let at = 4096; at < bytes.length; at += 4096) bytes.fill(0x55, at + 100, at + 400);
  writeFileSync(file, bytes);
  await assert.rejects(startServer({ workspace: workspace.path, data: data.path }), { code: 'storage_corrupt' });
  assert.deepEqual(readFileSync(file), bytes);
  {
    await using window = await startLanguageServer({ workspace: workspace.path, data: data.path });
    await assert.rejects(window.connection.sendRequest('task/list', {}));
    const { models } = (await window.connection.sendRequest('model/list', {})) as Result<'model/list'>;
    assert.equal(models[0]?.name, 'canary', 'the models answer all the same');
    const { text } = (await window.connection.sendRequest('inference/complete', {
      prompt: 'The',
      maxTokens: 4,
    })) as Result<'inference/complete'>;
    assert.equal(typeof text, 'string');
  }
  truncateSync(file, 1000);
  await assert.rejects(startServer({ workspace: workspace.path, data: data.path }), (error: { code?: ErrorCode }) =>
    ['storage_corrupt', 'key_wrong'].includes(error.code ?? ''),
  );
});

test('a database of the models that is corrupt or has another key: refused by name, never replaced', async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const options = { workspace: workspace.path, data: data.path };
  await (await startServer(options)).stop();
  const file = databaseIn(data.path, 'registry.db');
  const bytes = readFileSync(file);
  const refused = async (code: ErrorCode) => {
    const before = readFileSync(file);
    await assert.rejects(startServer(options), (error: OspainError) => {
      assert.equal(error.code, code, String(error));
      assert.match(`${error.message} ${error.hint}`, /models.*registry\.db/);
      return true;
    });
    assert.deepEqual(readFileSync(file), before);
  };
  rmSync(file);
  await writeDatabase(file, [], '0'.repeat(96));
  await refused('key_wrong');
  writeFileSync(file, bytes);
  const damaged = Buffer.from(bytes);
  for (let at = 4096; at < damaged.length; at += 4096) damaged.fill(0x55, at + 100, at + 400);
  writeFileSync(file, damaged);
  await refused('storage_corrupt');
  writeFileSync(file, bytes);
  await (await startServer(options)).stop();
});
