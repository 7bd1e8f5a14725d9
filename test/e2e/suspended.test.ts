import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Task } from '../../protocol/index.ts';
import { codeOf } from '../../server/storage/storageErrors.ts';
import { startLanguageServer } from '../support/languageServer.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, firstEvent, startServer, type TestServer, testEnv } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';
import { openWorkspaceDatabase } from '../support/workspaceDatabase.ts';

const models = tempFolder('suspended-models');
const talker = writeLongTalker(join(models.path, 'talker.gguf'));
after(() => models[Symbol.dispose]());

const skip = process.platform === 'win32' && 'a process cannot be stopped there';

const busyWorker = async ({ client }: TestServer): Promise<number | undefined> =>
  (await client.request('server/status', {})).workers.find(({ state }) => state === 'busy')?.pid ?? undefined;

const isStopped = (pid: number) =>
  process.platform !== 'linux' || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ');

/**
 * Stops the server between two of its transactions: whoever sleeps inside one keeps every other process from
 * writing, and no database can take that from a process that lives.
 */
async function suspend({ child }: TestServer, workspace: string, data: string): Promise<void> {
  const db = await openWorkspaceDatabase(workspace, testEnv(data));
  try {
    db.pragma('busy_timeout = 0');
    for (;;) {
      child.kill('SIGSTOP');
      while (!isStopped(Number(child.pid))) await setImmediate();
      try {
        db.exec('BEGIN IMMEDIATE; ROLLBACK');
        return;
      } catch (thrown) {
        if (codeOf(thrown) !== 'SQLITE_BUSY') throw thrown;
        child.kill('SIGCONT');
        await setImmediate();
      }
    }
  } finally {
    db.close();
  }
}

test('a server that is stopped loses its task to another, and writes nothing when it wakes up', {
  skip,
  timeout: 120_000,
}, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const options = { workspace: workspace.path, data: data.path, settings: { models: [talker], leaseMs: 1000 } };
  await using first = await startServer(options);
  const { task } = await first.client.request('task/submit', { kind: 'ask', instruction: 'Speak.', maxAttempts: 3 });
  await firstEvent(first.client, task.id, 'text');
  await suspend(first, workspace.path, data.path);
  try {
    // A window: it speaks over pipes of its own, while the socket is the first one's.
    await using second = await startLanguageServer(options);
    const done = new Promise<void>((resolve) => {
      second.connection.onNotification('task/didChange', (told: { task: Task }) => {
        if (told.task.id === task.id && told.task.status === 'done') resolve();
      });
    });
    const { task: now } = (await second.connection.sendRequest('task/show', { taskId: task.id })) as { task: Task };
    if (now.status !== 'done') await done;
  } finally {
    first.child.kill('SIGCONT');
  }
  const { events } = await first.client.request('task/events', { taskId: task.id, limit: 10_000 });
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, at) => at + 1),
  );
  assert.equal(events.filter(({ type }) => type === 'done').length, 1);
  assert.equal(events.at(-1)?.type, 'done');
  const attempts = events.filter(({ type }) => type === 'started').length;
  assert.equal(attempts, 2, 'the second server began again');
  const { task: later } = await first.client.request('task/submit', { kind: 'ask', instruction: 'Speak again.' });
  assert.equal((await ended(first.client, later.id)).status, 'done');
});

test('a worker that is stopped and wakes up goes on where it was', {
  skip,
  timeout: 120_000,
}, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  await using server = await startServer({
    workspace: workspace.path,
    data: data.path,
    settings: { models: [talker] },
  });
  const { client } = server;
  const { task } = await client.request('task/submit', { kind: 'ask', instruction: 'Speak.' });
  await firstEvent(server.client, task.id, 'text');
  const pid = await busyWorker(server);
  assert.ok(pid !== undefined);
  process.kill(pid, 'SIGSTOP');
  const { status } = (await client.request('task/show', { taskId: task.id })).task;
  process.kill(pid, 'SIGCONT');
  assert.equal(status, 'running');
  assert.equal((await ended(client, task.id)).status, 'done');
});
