import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client, TaskEvent } from '../../protocol/index.ts';
import { dataFolder } from '../../server/storage/dataFolder.ts';
import { openMemoryFile } from '../../server/storage/memoryFile.ts';
import { ROOMS_TASK, writeRooms, writeRoomsAgent } from '../support/roomsAgent.ts';
import { ended, startServer, type TestServer, testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const folder = tempFolder('model');
const model = join(folder.path, 'rooms.gguf');
before(() => writeRoomsAgent(model));
after(() => folder[Symbol.dispose]());

const keeps = openMemoryFile() !== null;
type Turn = Extract<TaskEvent, { type: 'turn' }>['data'];

/** What comes between two turns of the task: resolves with the server that goes on with it. */
type Between = (server: TestServer, taskId: string, again: () => Promise<TestServer>) => Promise<TestServer>;

interface Run {
  /** All that the task leaves behind. */
  outcome: unknown;
  turns: Turn[];
  /** Files of parked conversations in the end. */
  left: string[];
}

/** Works a task of ten turns; after the second one something comes in between. */
async function run(between: Between, settings: object = {}): Promise<Run & { next: Turn | undefined }> {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  writeRooms(workspace.path);
  const models = [model];
  const start = () =>
    startServer({ workspace: workspace.path, data: data.path, settings: { models, idleMinutes: 0, ...settings } });
  let server = await start();
  try {
    const id = crypto.randomUUID();
    const second = Promise.withResolvers<void>();
    server.client.on('task/didEvent', ({ event }) => {
      if (event.type === 'turn' && event.data.turn === 2) second.resolve();
    });
    await server.client.request('task/submit', { id, ...ROOMS_TASK });
    await Promise.race([second.promise, ended(server.client, id)]);
    server = await between(server, id, start);
    const seen = (await turnsOf(server.client, id)).length;
    await server.client.request('task/resume', { taskId: id }).catch(() => {});
    const { status, result, error } = await ended(server.client, id);
    assert.equal(status, 'done', JSON.stringify(error));
    const turns = await turnsOf(server.client, id);
    const { proposal } = await server.client.request('proposal/show', { taskId: id });
    return {
      outcome: { result, files: proposal.files, texts: turns.map(({ text }) => text) },
      turns,
      next: turns[seen],
      left: readdirSync(dataFolder(workspace.path, testEnv(data.path)).parked),
    };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

async function turnsOf(client: Client, taskId: string): Promise<Turn[]> {
  const { events } = await client.request('task/events', { taskId, limit: 10_000 });
  return events.flatMap((event) => (event.type === 'turn' ? [event.data] : []));
}

async function pause({ client }: TestServer, taskId: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = client.on('task/didChange', ({ task }) => {
    if (task.id === taskId && task.status === 'paused') resolve();
  });
  await client.request('task/pause', { taskId });
  await promise;
  stop();
}

const share = ({ usage }: Turn): number => usage.cachedTokens / usage.promptTokens;

const disturbances: Record<string, Between> = {
  'a pause in which the model is unloaded': async (server, taskId) => {
    await pause(server, taskId);
    await server.client.request('model/unload', { model: 'default' });
    return server;
  },
  'a pause in which the server is started again': async (server, taskId, again) => {
    await pause(server, taskId);
    await server.stop();
    return again();
  },
  'a stop of the server in the middle of a turn': async (server, _taskId, again) => {
    await server.stop();
    return again();
  },
};

test('a task that was parked ends as if undisturbed, and evaluates nearly nothing again', {
  timeout: 120_000,
}, async (c) => {
  const expected = await run(async (server) => server);
  assert.equal(expected.turns.length, 10);
  for (const [what, between] of Object.entries(disturbances)) {
    const { outcome, next, left } = await run(between);
    assert.deepEqual(outcome, expected.outcome, what);
    assert.ok(next, `${what}: there were turns to come`);
    c.diagnostic(`${what}: ${next.usage.cachedTokens} of ${next.usage.promptTokens} tokens`);
    if (keeps) assert.ok(share(next) > 0.9, `${what}: ${JSON.stringify(next.usage)}`);
    assert.deepEqual(left, [], `${what}: it went with the task's end`);
  }
});

test('a setting leaves all of it out', { timeout: 120_000 }, async () => {
  const unload = disturbances['a pause in which the model is unloaded'];
  assert.ok(unload);
  const { next } = await run(unload, { parkedMb: 0 });
  assert.equal(next?.usage.cachedTokens, 0);
});

test('a server that is killed with a parked task leaves it whole', { timeout: 120_000, skip: !keeps }, async () => {
  const { next } = await run(async (server, taskId, again) => {
    await pause(server, taskId);
    await server.client.request('model/unload', { model: 'default' });
    await server.kill();
    return again();
  });
  assert.ok(next && share(next) > 0.9, JSON.stringify(next?.usage));
});
