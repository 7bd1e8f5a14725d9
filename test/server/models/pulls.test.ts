import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ParsedParams, PullState } from '../../../protocol/index.ts';
import type { Pulls } from '../../../server/models/pulls.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { type LoopbackServer, loopbackServer } from '../../support/loopback.ts';
import { hub } from './download/hub.ts';
import { serveFile } from './download/workbench.ts';
import { type ModelStore, testModelStore } from './modelStore.ts';

let time = 0;
let t: Awaited<ReturnType<typeof testModelStore>>;
let host: LoopbackServer;
let bytes: Buffer;
/** What the host does instead of serving the file. */
let instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;

beforeEach(async () => {
  time = Date.now();
  instead = undefined;
  host = await loopbackServer((request, response) => {
    if (instead?.(request, response) !== true) serveFile(request, response, bytes);
  });
  // A clock that runs quickly, so that each report of progress is due.
  t = await testModelStore({ now: () => (time += 2000) });
  const path = join(t.elsewhere, 'model.gguf');
  writeRandomModel(path, { width: 64 });
  bytes = readFileSync(path);
});
afterEach(async () => {
  await t[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
});

const agreed = { hosts: [], plainHttp: false };
const asked = (more: Partial<ParsedParams<'pull/start'>> = {}): ParsedParams<'pull/start'> => ({
  ...{ source: `${host.origin}/model.gguf`, version: 'latest' },
  ...agreed,
  ...more,
});

async function until(pulls: Pulls, id: string, ...states: PullState[]) {
  for (;;) {
    const pull = pulls.show(id);
    if (states.includes(pull.state)) return pull;
    await delay(5);
  }
}
const ended = ({ pulls }: Pick<ModelStore, 'pulls'>, id: string) => until(pulls, id, 'done', 'failed', 'cancelled');

/** Sends half of the file and then nothing, until the connection is gone; resolves when somebody waits for the rest. */
function stopHalfWay(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  instead = (_request, response) => {
    response.writeHead(200, { etag: '"one"', 'accept-ranges': 'bytes', 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => resolve());
    return true;
  };
  return promise;
}

/** What was fetched of the file when the host was asked for the rest. */
const resumedAt = () => host.requests.map(({ headers }) => headers['range']).filter((range) => range !== undefined);

test('what is fetched becomes a version, with its progress told and its connection on record', async () => {
  const { id, state } = t.pulls.start(asked({ alias: 'fast', licence: 'mit' }));
  assert.equal(state, 'queued');
  const done = await ended(t, id);
  assert.deepEqual([done.state, done.model, done.error], ['done', 'model@1.0.0', null]);
  assert.deepEqual([done.received, done.total], [bytes.length, bytes.length]);
  const model = t.registry.resolve('fast');
  assert.deepEqual([model.source, model.licence], [`${host.origin}/model.gguf`, 'mit']);
  assert.deepEqual(readFileSync(model.artifact), bytes);
  assert.deepEqual(t.files().incoming, []);
  assert.deepEqual([...new Set(t.told.map((pull) => pull.state))], ['queued', 'running', 'done']);
  const [entry, ...more] = t.egressLog.list(10);
  assert.deepEqual([entry?.host, entry?.purpose, more], ['127.0.0.1', `pull ${host.origin}/model.gguf`, []]);
});

test('by the name of a repository and a quantisation', async () => {
  await using hugging = await hub({ files: { 'a-Q4_K_M.gguf': bytes }, tags: { Q4_K_M: 'a-Q4_K_M.gguf' } });
  await using near = await testModelStore({ endpoint: hugging.origin });
  const { id } = near.pulls.start(asked({ source: 'hf:org/repo-GGUF:Q4_K_M', name: 'little', version: '2.1.0' }));
  assert.equal((await ended(near, id)).model, 'little@2.1.0');
  assert.equal(near.registry.find('little').source, 'hf:org/repo-GGUF:Q4_K_M');
});

test('a server that stops interrupts it, and another goes on behind what was fetched', async () => {
  const waiting = stopHalfWay();
  const first = await t.open();
  const { id } = first.pulls.start(asked());
  await waiting;
  await until(t.pulls, id, 'running');
  while (statSync(partOf(id), { throwIfNoEntry: false })?.size !== bytes.length / 2) await delay(5);
  await first.pulls.dispose();
  assert.equal(t.pulls.show(id).state, 'interrupted');
  await t.collection.collect(false);
  instead = undefined;
  t.pulls.resume(id, agreed);
  assert.equal((await ended(t, id)).state, 'done');
  assert.deepEqual(resumedAt(), [`bytes=${bytes.length / 2}-`]);
  assert.throws(() => t.pulls.resume(id, agreed), { code: 'wrong_state' });
});

test('a server that is killed leaves it interrupted, with what was fetched', { timeout: 60_000 }, async (context) => {
  const waiting = stopHalfWay();
  const program = fileURLToPath(new URL('puller.ts', import.meta.url));
  const root = dirname(t.folder.folder);
  const child = spawn(process.execPath, [program, root, `${host.origin}/model.gguf`], { stdio: 'inherit' });
  context.after(() => child.kill('SIGKILL'));
  await waiting;
  const [{ id } = { id: '' }] = t.pulls.list();
  while (statSync(partOf(id), { throwIfNoEntry: false })?.size !== bytes.length / 2) await delay(5);
  await t.pulls.recover();
  assert.equal(t.pulls.show(id).state, 'running', 'its server lives');
  assert.throws(() => t.pulls.resume(id, agreed), { code: 'wrong_state' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  await t.pulls.recover();
  assert.equal(t.pulls.show(id).state, 'interrupted');
  instead = undefined;
  t.pulls.resume(id, agreed);
  assert.equal((await ended(t, id)).state, 'done');
  assert.deepEqual(resumedAt(), [`bytes=${bytes.length / 2}-`]);
  assert.deepEqual(readFileSync(t.registry.resolve('model').artifact), bytes);
});

test('cancelling gives up what was fetched, also when another server is at it', async () => {
  const waiting = stopHalfWay();
  const other = await t.open();
  const { id } = other.pulls.start(asked());
  await waiting;
  await until(t.pulls, id, 'running');
  const cancelled = t.pulls.cancel(id);
  other.pulls.tell();
  assert.equal((await cancelled).state, 'cancelled');
  await other.pulls.dispose();
  assert.deepEqual([t.pulls.show(id).state, t.files().incoming], ['cancelled', []]);
  instead = undefined;
  t.pulls.resume(id, agreed);
  assert.equal((await ended(t, id)).state, 'done');
  await assert.rejects(t.pulls.cancel(id), { code: 'wrong_state' });
});

test('one source is fetched once at a time', async () => {
  const waiting = stopHalfWay();
  const first = t.pulls.start(asked());
  await waiting;
  assert.equal(t.pulls.start(asked()).id, first.id);
  assert.equal(t.pulls.list().length, 1);
  await t.pulls.cancel(first.id);
  assert.notEqual(t.pulls.start(asked()).id, first.id);
});

test('a failure is told with its reason, and can be tried again', async () => {
  instead = (_request, response) => {
    response.writeHead(404).end();
    return true;
  };
  const { id } = t.pulls.start(asked());
  const failed = await ended(t, id);
  assert.deepEqual([failed.state, failed.error?.code], ['failed', 'not_found']);
  instead = undefined;
  t.pulls.resume(id, agreed);
  const done = await ended(t, id);
  assert.deepEqual([done.state, done.error], ['done', null]);
});

test('a name or version that turns out to be taken can be said anew, and nothing is fetched again', async () => {
  const other = join(t.elsewhere, 'other.gguf');
  writeRandomModel(other, { seed: 5 });
  await t.add(other, { name: 'model', version: '1.0.0' });
  const { id } = t.pulls.start(asked({ version: '1.0.0' }));
  assert.equal((await ended(t, id)).error?.code, 'conflict');
  assert.throws(() => t.pulls.resume(id, { ...agreed, name: 'default' }), { code: 'conflict' });
  const requests = host.requests.length;
  t.pulls.resume(id, { ...agreed, version: '2.0.0', alias: 'fast' });
  assert.equal((await ended(t, id)).model, 'model@2.0.0');
  assert.equal(t.registry.find('fast').version, '2.0.0');
  assert.equal(host.requests.length, requests);
});

test('what is no model is not kept as one', async () => {
  bytes = Buffer.from('GGUF in name only');
  const { id } = t.pulls.start(asked());
  assert.equal((await ended(t, id)).error?.code, 'model_unreadable');
  assert.deepEqual([t.registry.list(), t.files().blobs], [[], []]);
  await t.pulls.cancel(id);
  assert.deepEqual(t.files().incoming, []);
});

test('what cannot be is refused at once', async () => {
  for (const source of ['nothing', 'file:///etc/passwd', 'http://user:secret@127.0.0.1/a.gguf', 'hf:a'])
    assert.throws(() => t.pulls.start(asked({ source })), { code: 'invalid_params' }, source);
  assert.throws(() => t.pulls.start(asked({ name: 'default' })), { code: 'conflict' });
  for (const id of ['nothing', '']) assert.throws(() => t.pulls.show(id), { code: 'not_found' });
  assert.deepEqual([t.pulls.list(), t.egressLog.list(10)], [[], []]);
});

test('a mirror that is no address is said to be none, and nobody else is asked instead', async () => {
  await using near = await testModelStore({ endpoint: 'my mirror' });
  const { id } = near.pulls.start(asked({ source: 'hf:org/repo' }));
  const { error } = await ended(near, id);
  assert.deepEqual([error?.code, near.egressLog.list(1)], ['invalid_params', []]);
});

test('a token is nowhere written down', async () => {
  const token = 'hunter2hunter2';
  const { id } = t.pulls.start(asked({ token }));
  await ended(t, id);
  const tables = ['pulls', 'egress', 'versions', 'files'].map((table) => t.db.prepare(`SELECT * FROM ${table}`).all());
  assert.doesNotMatch(JSON.stringify(tables), /hunter2/);
});

function partOf(id: string): string {
  return join(t.folder.incoming, `pull-${id}`, 'files', 'model.gguf.part');
}
