import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { MethodName, Params, Result } from '../../protocol/index.ts';
import { openApp, serverFolders } from '../contract/app.ts';
import { LONG_ANSWER, writeLongTalker } from '../support/longTalker.ts';

const slow = { timeout: 120_000 };

/** A server whose default model takes its time. */
async function open(folders: ReturnType<typeof serverFolders>, settings: object = {}) {
  const model = writeLongTalker(join(folders.workspace, 'talker.gguf'));
  const app = await openApp(folders.workspace, folders.env, { models: [model], ...settings });
  const ask = async <M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> => {
    const answer = await app.dispatch(method, params, { signal: new AbortController().signal });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.result as never;
  };
  return { app, ask };
}

test('a person loads, pins and unloads a model', slow, async () => {
  using folders = serverFolders();
  const { app, ask } = await open(folders);
  try {
    const { model, ms } = await ask('model/load', { model: 'default' });
    assert.deepEqual([model.name, model.state, ms > 0], ['talker', 'ready', true]);
    assert.equal((await ask('model/pin', { model: 'talker', pinned: true })).model.pinned, true);
    const { workers } = await ask('server/status', {});
    assert.deepEqual(
      workers.map(({ model, state, conversations }) => [model, state, conversations.used, conversations.all]),
      [['talker', 'idle', 0, 5]],
    );
    const unloaded = await ask('model/unload', { model: 'talker' });
    assert.deepEqual([unloaded.unloaded, unloaded.interrupted, unloaded.model.state], [true, 0, 'idle']);
    assert.deepEqual((await ask('server/status', {})).workers, []);
  } finally {
    await app.dispose();
  }
});

test('tasks of one model work side by side, as many as the settings say', slow, async () => {
  using folders = serverFolders();
  const { app, ask } = await open(folders, { parallelTasks: 3 });
  try {
    let most = 0;
    const running = new Set<string>();
    const ended = Promise.withResolvers<void>();
    const results: string[] = [];
    app.onNotification(({ method, params }) => {
      if (method !== 'task/didChange') return;
      const { id, status, result } = params.task;
      if (status === 'running') running.add(id);
      else running.delete(id);
      most = Math.max(most, running.size);
      if (status === 'done') results.push(result ?? '');
      if (status === 'failed') ended.reject(new Error('a task failed'));
      if (results.length === 5) ended.resolve();
    });
    for (let n = 0; n < 5; n++) await ask('task/submit', { kind: 'ask', instruction: `Tell me of ${n}.` });
    await ended.promise;
    assert.equal(most, 3);
    assert.deepEqual(new Set(results.map((text) => text.slice(0, 200))), new Set([LONG_ANSWER.slice(0, 200)]));
    assert.equal((await ask('server/status', {})).workers.length, 1);
  } finally {
    await app.dispose();
  }
});

const skip = process.platform !== 'linux' || process.arch !== 'x64';
for (const [gpu, isLooked] of [
  ['auto', true],
  ['off', false],
] as const)
  test(`builds of llama.cpp beside the models are looked for with gpu ${gpu}: ${isLooked}`, {
    ...slow,
    skip,
  }, async () => {
    using folders = serverFolders();
    const place = join(folders.env['OSPAIN2_DATA_DIR'] ?? '', 'backends/node_modules/@node-llama-cpp/linux-x64');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), '{"version": "1.2.3"}');
    const { app, ask } = await open(folders, { gpu });
    try {
      const lines: string[] = [];
      app.onNotification(({ method, params }) => {
        if (method === 'server/didLog') lines.push(params.message);
      });
      await ask('model/load', { model: 'default' });
      assert.equal(
        lines.some((line) => line.includes('is not used: it is of version 1.2.3')),
        isLooked,
      );
    } finally {
      await app.dispose();
    }
  });
