import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { parseCall, renderCall } from '../../../server/agents/format.ts';
import { formsOf, toolsOf } from '../../../server/agents/tools/toolSet.ts';
import type { Answer, Generation } from '../../../server/inference/engine.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { openPool, said, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const LONG = Array.from({ length: 600 }, (_, i) => `word ${i}`).join(' ');

test('an agent of several turns answers exactly, streams, and keeps its prefix', slow, async () => {
  await using t = await openPool();
  const calls = [
    renderCall({ tool: 'read_file', path: 'src/limits.ts', from: 1, to: 300 }),
    renderCall({
      tool: 'edit_file',
      path: 'src/limits.ts',
      body: [{ search: 'const RETRY_MAX = 3;', replace: 'const RETRY_MAX = 5;' }],
    }),
    renderCall({ tool: 'finish', outcome: 'done', body: 'Changed RETRY_MAX to 5.' }),
  ];
  t.add('agent', (path) => writeScriptedModel(path, [{ answers: calls }]));
  const file = Array.from({ length: 30 }, (_, i) => `export const LINE_${i} = ${i};`).join('\n');
  const turns = [user(`Set RETRY_MAX to 5 in src/limits.ts.\n${file}`)];
  const told: string[] = [];
  for (const [index, expected] of calls.entries()) {
    const chunks: string[] = [];
    const answer = await t.ask('agent', turns, {
      maxTokens: 100,
      onText: (text) => chunks.push(text),
      onLoading: () => told.push('loading'),
      onReady: (ms) => told.push(ms >= 0 ? 'ready' : 'before'),
    });
    assert.equal(answer.text, expected);
    assert.equal(chunks.join(''), expected);
    assert.ok(parseCall(answer.text, formsOf(toolsOf('full'))).ok);
    if (index > 0)
      assert.ok(answer.usage.cachedTokens / answer.usage.promptTokens >= 0.9, JSON.stringify(answer.usage));
    turns.push(said(answer.text), user('result:\nok'));
  }
  assert.deepEqual(told, ['loading', 'ready']);
  assert.deepEqual(
    t.changes.filter(({ name }) => name === 'agent').map(({ state }) => state),
    ['idle', 'loading', 'loading', 'ready'],
  );
  assert.equal(t.pool.describe('agent').contextLength, 4096);
});

test('four at once say what each says alone, and load the model once', slow, async () => {
  await using t = await openPool();
  t.add('random', (path) => writeRandomModel(path));
  const prompts = ['one', 'two and more', 'three, and even more than that', 'four'];
  const ask = (text: string, more: Partial<Generation> = {}) =>
    t.ask('random', [user(text)], { conversation: text, maxTokens: 60, ...more });
  let most = 0;
  const loading: string[] = [];
  const together = await Promise.all(
    prompts.map((text) =>
      ask(text, {
        onLoading: () => loading.push(text),
        onText: () => {
          most = Math.max(most, t.pool.status()[0]?.conversations.used ?? 0);
        },
      }),
    ),
  );
  assert.equal(most, 4);
  assert.deepEqual(loading, prompts, 'each was told');
  assert.equal(t.pids().length, 1);
  await t.pool.unload('random');
  for (const [index, text] of prompts.entries()) assert.equal((await ask(text)).text, together[index]?.text, text);
});

test('one that gives up while the model is loaded leaves the others waiting', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['The only answer.'] }]));
  const reason = new OspainError('cancelled', 'A person said so.');
  const abort = new AbortController();
  const given = t.ask('scripted', [user('hi')], { signal: abort.signal, onLoading: () => abort.abort(reason) });
  const others = ['a', 'b'].map((conversation) => t.ask('scripted', [user('hi')], { conversation }));
  await assert.rejects(given, (error) => error === reason);
  assert.deepEqual(
    t.pool.status().map(({ state }) => state),
    ['starting'],
  );
  for (const { text } of await Promise.all(others)) assert.equal(text, 'The only answer.');
  assert.equal(t.pids().length, 1);
});

test('a model that nobody waits for any more is loaded all the same', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['The only answer.'] }]));
  const abort = new AbortController();
  const given = t.ask('scripted', [user('hi')], { signal: abort.signal, onLoading: () => abort.abort() });
  await assert.rejects(given, { name: 'AbortError' });
  const { promise: unheard } = Promise.withResolvers<never>();
  await t.started(unheard);
  assert.deepEqual(
    t.pool.status().map(({ state, waiting }) => [state, waiting]),
    [['starting', 0]],
    'it may make room for others',
  );
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'The only answer.');
  assert.equal(t.pids().length, 1);
});

test('completes and embeds', slow, async () => {
  await using t = await openPool();
  t.add('random', (path) => writeRandomModel(path));
  const { signal } = new AbortController();
  const chunks: string[] = [];
  const completion = { model: 'random', prefix: 'const a = ', maxTokens: 20, temperature: 0, signal };
  const completed = await t.pool.complete({ ...completion, onText: (text) => chunks.push(text) });
  assert.equal(chunks.join(''), completed.text);
  assert.equal(completed.usage.generatedTokens, 20);
  const { vectors, tokens } = await t.pool.embed({ model: 'random', texts: ['one', 'two', 'one'], signal });
  assert.equal(vectors.length, 3);
  assert.ok(tokens > 0);
  assert.deepEqual(vectors[0], vectors[2]);
  for (const vector of vectors) assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-6);
  assert.equal(t.pids().length, 1, 'of one worker');
  await assert.rejects(t.pool.embed({ model: 'embed', texts: ['a'], signal }), { code: 'model_missing' });
});

test('an abort rejects with its reason, before, while waiting and while speaking', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
  const reason = new OspainError('cancelled', 'A person said so.');
  const refused = async (asked: Promise<unknown>) => assert.rejects(asked, (error) => error === reason);
  await refused(t.ask('scripted', [user('hi')], { signal: AbortSignal.abort(reason) }));

  const speaking = new AbortController();
  const waiting = new AbortController();
  let afterwards = 0;
  const first = t.ask('scripted', [user('hi')], {
    signal: speaking.signal,
    maxTokens: 2000,
    onText: () => {
      if (speaking.signal.aborted) afterwards++;
      waiting.abort(reason);
      speaking.abort(reason);
    },
  });
  const second = t.ask('scripted', [user('hi')], {
    signal: waiting.signal,
    onText: () => assert.fail('it was aborted'),
  });
  await Promise.all([refused(first), refused(second)]);
  const third = await t.ask('scripted', [user('hi')], { maxTokens: 2000 });
  assert.equal(third.text, LONG);
  assert.equal(afterwards, 0);
  assert.equal(t.pids().length, 1, 'the worker lives on');
});

test('grammars reach the model', slow, async () => {
  await using t = await openPool();
  t.add('random', (path) => writeRandomModel(path));
  const gbnf = String.raw`root ::= "{\"tool\":\"finish\",\"outcome\":\"" ("done" | "failed") "\"}\n" [a-z]{1,20}`;
  const envelope = await t.ask('random', [user('hi')], { grammar: { gbnf } });
  assert.deepEqual(Object.keys(parseCall(envelope.text, formsOf(toolsOf('full')))), ['ok', 'call', 'form']);
  const schema = { type: 'array', items: { enum: ['now', 'later'] }, minItems: 2, maxItems: 2 };
  const list = JSON.parse((await t.ask('random', [user('hi')], { grammar: { schema } })).text);
  assert.ok(Array.isArray(list) && list.length === 2 && list.every((item) => ['now', 'later'].includes(item)));
});

test('a replaced file is loaded anew', slow, async () => {
  await using t = await openPool();
  const path = t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['The old model.'] }]));
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'The old model.');
  writeScriptedModel(`${path}.new`, [{ answers: ['The new model.'] }]);
  renameSync(`${path}.new`, path);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'The new model.');
  assert.equal(t.pids().length, 2);
});

test('a replaced file lets the old one end what it is saying', slow, async () => {
  await using t = await openPool();
  const path = t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
  let replaced: Promise<Answer> | undefined;
  const old = await t.ask('scripted', [user('hi')], {
    maxTokens: 2000,
    onText() {
      if (replaced !== undefined) return;
      writeScriptedModel(`${path}.new`, [{ answers: ['The new model.'] }]);
      renameSync(`${path}.new`, path);
      replaced = t.ask('scripted', [user('hi')], { conversation: 'other' });
    },
  });
  assert.equal(old.text, LONG);
  assert.equal((await replaced)?.text, 'The new model.');
});

test('a model is loaded and unloaded by hand', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
  const { signal } = new AbortController();
  assert.deepEqual(await t.pool.unload('scripted'), { unloaded: false, interrupted: 0 });
  assert.ok((await t.pool.load('scripted', signal)) > 0);
  assert.equal(await t.pool.load('scripted', signal), 0);
  const [status] = t.pool.status();
  assert.equal(status?.state, 'idle');
  assert.deepEqual(status?.conversations, { used: 0, all: 5 });
  assert.equal(status?.decodeRate, null);

  const unloaded = Promise.withResolvers<{ unloaded: boolean; interrupted: number }>();
  let asked = false;
  const open = t.ask('scripted', [user('hi')], {
    maxTokens: 2000,
    onText() {
      if (!asked) t.pool.unload('scripted').then(unloaded.resolve, unloaded.reject);
      asked = true;
    },
  });
  await assert.rejects(open, /was ended in the middle of its work: it was unloaded/);
  assert.deepEqual(await unloaded.promise, { unloaded: true, interrupted: 1 });
  assert.deepEqual(t.pool.status(), []);
  assert.equal(t.registry.list().find(({ name }) => name === 'scripted')?.state, 'idle');
});

test('whoever comes while a model is unloaded gets a new worker', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['The only answer.'] }]));
  const { signal } = new AbortController();
  await t.pool.load('scripted', signal);
  const unloading = t.pool.unload('scripted');
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'The only answer.');
  await unloading;
  const loading = t.pool.load('scripted', signal);
  assert.equal(await loading, 0);
  assert.equal(t.pids().length, 2);
});

test('the status tells what a worker takes and how fast it speaks', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['An answer of several words.'] }]));
  await t.ask('scripted', [user('hi')]);
  const [status] = t.pool.status();
  assert.ok(status);
  assert.deepEqual([status.model, status.version, status.waiting], ['scripted', '1.0.0', 0]);
  assert.ok((status.decodeRate ?? 0) > 0);
  if (process.platform === 'linux') assert.ok((status.memoryBytes ?? 0) > 10e6);
});

test('a pool that is stopped while it loads leaves no process', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Never said.'] }]));
  const asked = ['a', 'b'].map((conversation) => t.ask('scripted', [user('hi')], { conversation }));
  const ends = asked.map((one) => assert.rejects(one, { code: 'worker_failed' }));
  await t.started(Promise.all(ends));
  await t.pool.dispose();
  await Promise.all(ends);
  assert.deepEqual(t.pool.status(), []);
});

test('a pool that is stopped before it loads starts no process', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Never said.'] }]));
  const asked = assert.rejects(t.ask('scripted', [user('hi')]), { code: 'unavailable' });
  await t.pool.dispose();
  await asked;
  assert.deepEqual(t.pids(), []);
});

test('a stopped pool has no processes and takes no requests', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
  const open = t.ask('scripted', [user('hi')], { maxTokens: 2000, onText: () => void t.pool.dispose() });
  await assert.rejects(open, (error: OspainError) => error.code === 'worker_failed');
  await assert.rejects(t.ask('scripted', [user('hi')]), (error: OspainError) => error.code === 'unavailable');
  assert.deepEqual(t.pool.status(), []);
});
