import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import type { Client } from '../../protocol/index.ts';
import { startLanguageServer } from '../support/languageServer.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, firstEvent, startServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const models = tempFolder('backup-models');
const talker = writeLongTalker(join(models.path, 'talker.gguf'));
after(() => models[Symbol.dispose]());

const instructions = async (client: Pick<Client, 'request'>): Promise<string[]> =>
  (await client.request('task/list', {})).tasks.map(({ instruction }) => instruction).reverse();

async function submit(client: Client, instruction: string): Promise<string> {
  return (await client.request('task/submit', { kind: 'ask', instruction })).task.id;
}

function serverOptions(workspace: string, data: string) {
  return { workspace, data, settings: { models: [talker] } };
}

test('a restored backup is what every server of the workspace goes on with', { timeout: 300_000 }, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using elsewhere = tempFolder('elsewhere');
  const path = join(elsewhere.path, 'backup.db');
  const options = serverOptions(workspace.path, data.path);
  await using server = await startServer(options);
  await using window = await startLanguageServer(options);
  const { client } = server;
  const first = await submit(client, 'before the backup');
  const end = await ended(client, first);
  const { events } = await client.request('task/events', { taskId: first, limit: 10_000 });
  const backup = await client.request('backup/create', { path });
  assert.deepEqual(backup, { path, bytes: statSync(path).size, tasks: 1 });

  const running = await submit(client, 'runs while it is replaced');
  await firstEvent(client, running, 'text');
  const told = [client, window.connection].map((carrier) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    if ('on' in carrier) carrier.on('backup/didRestore', () => resolve());
    else carrier.onNotification('backup/didRestore', () => resolve());
    return promise;
  });
  const restored = await client.request('backup/restore', { path });
  assert.deepEqual([restored.tasks, restored.paused], [1, false]);
  await Promise.all(told);

  const listed = { tasks: [end], total: 1 };
  assert.deepEqual(await client.request('task/list', {}), listed);
  assert.deepEqual(await window.connection.sendRequest('task/list', {}), listed);
  assert.deepEqual((await client.request('task/events', { taskId: first, limit: 10_000 })).events, events);
  assert.equal((await ended(client, await submit(client, 'after it'))).status, 'done');
  const inWindow: unknown = await window.connection.sendRequest('task/list', {});
  assert.equal((inWindow as { total: number }).total, 2, 'both work on the same database');

  // What was replaced can be restored in turn, and the task that ran goes on from the queue.
  assert.match(basename(restored.kept), /^ospain2\.replaced-\d{8}T\d{9}Z\.db$/);
  const again = await client.request('backup/restore', { path: restored.kept });
  assert.deepEqual([again.tasks, again.paused], [2, true], 'it may have run since, so a person decides');
  assert.deepEqual(await instructions(client), ['before the backup', 'runs while it is replaced']);
  assert.equal((await client.request('task/show', { taskId: running })).task.status, 'pending');
  await client.request('queue/resume', {});
  assert.equal((await ended(client, running)).status, 'done');
});

test('a backup that cannot be restored changes nothing, and work goes on', { timeout: 300_000 }, async () => {
  using workspace = sampleWorkspace();
  using other = sampleWorkspace();
  using data = tempFolder('data');
  using elsewhere = tempFolder('elsewhere');
  const path = join(elsewhere.path, 'of another workspace.db');
  {
    await using stranger = await startServer(serverOptions(other.path, data.path));
    await stranger.client.request('backup/create', { path });
    await assert.rejects(stranger.client.request('backup/create', { path }), { code: 'conflict' });
  }
  await using server = await startServer(serverOptions(workspace.path, data.path));
  const { client } = server;
  const running = await submit(client, 'goes on');
  await firstEvent(client, running, 'text');
  await assert.rejects(client.request('backup/restore', { path }), { code: 'key_wrong' });
  await assert.rejects(client.request('backup/restore', { path: join(elsewhere.path, 'no.db') }), {
    code: 'not_found',
  });
  const end = await ended(client, running);
  assert.deepEqual([end.status, end.attempts], ['done', 1], 'it was not even interrupted');
});

test('an export holds everything as lines of JSON, and only when it is asked for by name', {
  timeout: 300_000,
}, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using elsewhere = tempFolder('elsewhere');
  const path = join(elsewhere.path, 'tasks.jsonl');
  await using server = await startServer(serverOptions(workspace.path, data.path));
  const { client } = server;
  const tasks = [];
  for (const text of ['first', 'second']) tasks.unshift(await ended(client, await submit(client, text)));
  const at = Date.UTC(2999, 0, 1);
  const { schedule } = await client.request('schedule/create', { when: { at }, template: { instruction: 'later' } });
  const { item } = await client.request('item/add', { title: 'Plan it.' });
  await assert.rejects(client.request('backup/export', { path, confirm: 'yes' as 'plain text' }), {
    code: 'invalid_params',
  });
  const exported = await client.request('backup/export', { path, confirm: 'plain text' });
  const expected: object[] = [];
  for (const task of tasks) {
    const { events } = await client.request('task/events', { taskId: task.id, limit: 10_000 });
    expected.push({ task }, ...events.map((event) => ({ event })));
  }
  expected.push({ schedule }, { item });
  const text = readFileSync(path, 'utf8');
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    expected,
  );
  assert.deepEqual(exported, { path, bytes: Buffer.byteLength(text), tasks: 2 });
  assert.deepEqual(readdirSync(elsewhere.path), ['tasks.jsonl']);
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600);
});
