import assert from 'node:assert/strict';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Client } from '../../protocol/index.ts';
import { writeLongTalker } from '../support/longTalker.ts';
import { ended, firstEvent, startServer, type TestServer } from '../support/server.ts';
import { sampleWorkspace, tempFolder } from '../support/temp.ts';

const PASSPHRASE = 'kolibri sperber habicht 7';
const models = tempFolder('keys-models');
const talker = writeLongTalker(join(models.path, 'talker.gguf'));
after(() => models[Symbol.dispose]());

const submit = async (client: Client, instruction: string): Promise<string> =>
  (await client.request('task/submit', { kind: 'ask', instruction })).task.id;
const texts = async (client: Client): Promise<string[]> =>
  (await client.request('task/list', {})).tasks.map(({ instruction }) => instruction);
const state = async (client: Client) => (await client.request('keys/status', {})).status.state;

/** Resolves when a server says that it is in this state. */
const becomes = (client: Client, wanted: string): Promise<void> =>
  new Promise((resolve) => {
    const stop = client.on('keys/didChange', ({ state }) => {
      if (state !== wanted) return;
      stop();
      resolve();
    });
  });

/** The processes of a server and what it started, as every process of this user may see them. */
function assertTellsNothing({ child }: TestServer, secret: string): void {
  if (process.platform !== 'linux') return;
  for (const pid of [process.pid, child.pid, ...childrenOf(child.pid ?? 0)])
    for (const file of ['cmdline', 'environ'])
      assert.equal(readFileSync(`/proc/${pid}/${file}`).includes(secret), false, `${file} of ${pid}`);
}

const childrenOf = (pid: number): number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );

test('a passphrase that is set while two folders are at work: nothing is lost, and all of it is closed without it', {
  timeout: 300_000,
}, async () => {
  using first = sampleWorkspace();
  using second = sampleWorkspace();
  using data = tempFolder('data');
  const options = { data: data.path, settings: { models: [talker] } };
  await using server = await startServer({ ...options, workspace: realpathSync(first.path) });
  await using other = await startServer({ ...options, workspace: realpathSync(second.path) });
  const { client } = server;
  const running = await submit(client, 'runs meanwhile');
  await firstEvent(client, running, 'text');
  await submit(other.client, 'of the other folder');
  await client.request('api/showToken', {});
  const token = readFileSync(join(data.path, 'api-token'), 'utf8');
  const lines: string[] = [];
  client.on('server/didLog', ({ message }) => lines.push(message));

  const locked = becomes(other.client, 'locked');
  const result = await client.request('keys/setPassphrase', { passphrase: PASSPHRASE });
  assert.deepEqual([result.moved, result.left], [3, []]);
  assert.equal(result.status.state, 'open');
  assert.notEqual(readFileSync(join(data.path, 'api-token'), 'utf8'), token, 'the token is another one');
  assert.equal((await ended(client, running)).status, 'done', 'what ran goes on');

  // The other server has another root secret to be told of.
  await locked;
  await assert.rejects(texts(other.client), { code: 'key_locked' });
  await assert.rejects(other.client.request('model/list', {}), { code: 'key_locked' });
  await other.client.request('keys/unlock', { passphrase: PASSPHRASE });
  assert.deepEqual(await texts(other.client), ['of the other folder']);

  assertTellsNothing(server, PASSPHRASE);
  const { text } = await client.request('server/diagnostics', {});
  assert.equal([...lines, text].join('\n').includes(PASSPHRASE), false);
  const { logs } = await client.request('audit/verify', {});
  for (const { broken } of logs) assert.equal(broken, null);
  const { entries } = await client.request('audit/list', { types: ['key'], limit: 50 });
  assert.ok(entries.some(({ type }) => type === 'key.rotated'));
  assert.ok(entries.some(({ type, subject }) => type === 'key.unlocked' && subject === 'passphrase'));
  assert.equal(JSON.stringify(entries).includes(PASSPHRASE), false);
});

test('what runs when it is locked is parked, and goes on when it is unlocked, also by the next server', {
  timeout: 300_000,
}, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  const options = { workspace: realpathSync(workspace.path), data: data.path, settings: { models: [talker] } };
  let server = await startServer(options);
  try {
    await server.client.request('keys/setPassphrase', { passphrase: PASSPHRASE });
    const task = await submit(server.client, 'is parked');
    await firstEvent(server.client, task, 'text');
    assert.deepEqual((await server.client.request('keys/lock', {})).status.state, 'locked');
    await assert.rejects(texts(server.client), { code: 'key_locked' });
    await assert.rejects(server.client.request('inference/complete', { prompt: 'x' }), { code: 'key_locked' });
    if (process.platform === 'linux')
      assert.deepEqual(childrenOf(server.child.pid ?? 0), [], 'no worker holds a word of it');
    await server.kill();
    server = await startServer(options);
    assert.equal(await state(server.client), 'locked');
    await Promise.all([1, 2].map(() => server.client.request('keys/unlock', { passphrase: PASSPHRASE })));
    assert.equal((await ended(server.client, task)).status, 'done');
  } finally {
    await server[Symbol.asyncDispose]();
  }
});

test('a backup of before a rotation is restored after it', { timeout: 300_000 }, async () => {
  using workspace = sampleWorkspace();
  using data = tempFolder('data');
  using elsewhere = tempFolder('elsewhere');
  const path = join(elsewhere.path, 'before.db');
  await using server = await startServer({ workspace: realpathSync(workspace.path), data: data.path });
  const { client } = server;
  await ended(client, await submit(client, 'in the backup'));
  await client.request('backup/create', { path });
  await client.request('keys/rotate', {});
  assert.deepEqual(await texts(client), ['in the backup']);
  await submit(client, 'after it');
  await client.request('backup/restore', { path });
  assert.deepEqual(await texts(client), ['in the backup']);
  const { logs } = await client.request('audit/verify', {});
  for (const { broken } of logs) assert.equal(broken, null);
  assert.deepEqual((await client.request('keys/rotate', { finish: true })).left, []);
  assert.deepEqual((await client.request('keys/status', {})).status.behind, []);
  assert.deepEqual(await texts(client), ['in the backup']);
});
