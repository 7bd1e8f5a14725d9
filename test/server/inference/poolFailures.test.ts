import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ErrorCode, OspainError } from '../../../protocol/index.ts';
import { createPool } from '../../../server/inference/pool.ts';
import { checkModelFile } from '../../../server/models/modelFile.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { createVocabulary } from '../../support/gguf/vocabulary.ts';
import { openPool, type TestPool, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const LONG = Array.from({ length: 600 }, (_, i) => `word ${i}`).join(' ');

const refused = (asked: Promise<unknown>, code: ErrorCode, message?: RegExp) =>
  assert.rejects(asked, (error: OspainError) => {
    assert.equal(error.code, code, `${error.code}: ${error.message}`);
    if (message !== undefined) assert.match(`${error.message} ${error.toWire().cause} ${error.hint}`, message);
    return true;
  });

const worker = (t: TestPool): number => {
  const [status] = t.pool.status();
  assert.ok(typeof status?.pid === 'number');
  return status.pid;
};

test(
  'a worker killed in the middle of an answer fails it, and the next answer is made by a new one',
  slow,
  async () => {
    await using t = await openPool();
    t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
    for (let round = 0; round < 3; round++) {
      let killed = false;
      const asked = t.ask('scripted', [user('hi')], {
        maxTokens: 2000,
        onText: () => {
          if (!killed) process.kill(worker(t), 'SIGKILL');
          killed = true;
        },
      });
      await refused(asked, 'worker_failed', /SIGKILL/);
    }
    assert.equal((await t.ask('scripted', [user('hi')], { maxTokens: 2000 })).text, LONG);
    assert.equal(t.pids().length, 4);
  },
);

test('a worker killed while it loads fails the request but not the model', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Fine again.'] }]));
  const asked = t.ask('scripted', [user('hi')], {
    onLoading: () => setImmediate(() => process.kill(worker(t), 'SIGKILL')),
  });
  await refused(asked, 'worker_failed', /SIGKILL/);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'Fine again.');
});

test('a worker that dies while idle is replaced without anyone noticing', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Fine again.'] }]));
  await t.ask('scripted', [user('hi')]);
  process.kill(worker(t), 'SIGKILL');
  while (t.pool.status().length > 0) await new Promise(setImmediate);
  assert.equal((await t.ask('scripted', [user('hi')])).text, 'Fine again.');
});

test('files that cannot be models are refused without a worker', slow, async () => {
  await using t = await openPool();
  const cases: [string, (path: string) => void, ErrorCode, RegExp][] = [
    ['missing', () => {}, 'model_missing', /missing\.gguf/],
    ['empty', (path) => writeFileSync(path, ''), 'model_unreadable', /empty/],
    ['text', (path) => writeFileSync(path, 'not a model at all, only some words'), 'model_unreadable', /not in GGUF/],
    ['short', (path) => writeFileSync(path, 'GGUF'), 'model_unreadable', /4 bytes/],
    ['version', (path) => writeModel(path, (bytes) => bytes.writeUInt32LE(99, 4)), 'model_unreadable', /version 99/],
    [
      'huge',
      (path) => writeModel(path, (bytes) => bytes.writeBigUInt64LE(2n ** 62n, 16)),
      'model_unreadable',
      /4611686018427388000 keys/,
    ],
    ['header', (path) => writeModel(path, () => {}, 24), 'model_unreadable', /in the middle of its header/],
    ['truncated', (path) => writeModel(path, () => {}, 0.6), 'model_unreadable', /ends before its data/],
  ];
  for (const [name, write, code, message] of cases) {
    t.add(name, write);
    await refused(t.ask(name, [user('hi')]), code, message);
  }
  assert.deepEqual(t.pids(), []);
});

test('files that llama.cpp refuses say why, and can be tried again', slow, async () => {
  await using t = await openPool();
  const cases: [string, (path: string) => void, RegExp][] = [
    [
      'context',
      (path) => writeRandomModel(path, { metadata: { 'llama.context_length': { string: 'long' } } }),
      /context_length/,
    ],
    [
      'architecture',
      (path) => writeRandomModel(path, { metadata: { 'general.architecture': { string: 'lama' } } }),
      /unknown model architecture/,
    ],
  ];
  for (const [name, write, message] of cases) {
    const path = t.add(name, write);
    for (let round = 0; round < 2; round++) await refused(t.ask(name, [user('hi')]), 'model_unreadable', message);
    writeRandomModel(path);
    assert.ok((await t.ask(name, [user('hi')], { maxTokens: 3 })).text.length >= 0);
  }
});

test('files that crash llama.cpp are not tried again before they change', slow, async () => {
  await using t = await openPool();
  const twice = [...createVocabulary(), { text: 'twice', kind: 'normal' }, { text: 'twice', kind: 'normal' }] as const;
  const cases: [string, (path: string) => void][] = [
    ['heads', (path) => writeRandomModel(path, { metadata: { 'llama.attention.head_count': { u32: 0 } } })],
    ['tokens', (path) => writeRandomModel(path, { vocabulary: twice })],
  ];
  for (const [index, [name, write]] of cases.entries()) {
    const path = t.add(name, write);
    await refused(t.ask(name, [user('hi')]), 'model_crashed', /SIGABRT.*GGML_ASSERT/);
    await refused(t.ask(name, [user('hi')]), 'model_crashed', /SIGABRT.*GGML_ASSERT/);
    assert.equal(t.pids().length, 2 * index + 1);
    assert.equal(t.registry.list().find((model) => model.name === name)?.state, 'failed');
    rmSync(path);
    writeRandomModel(path);
    await t.ask(name, [user('hi')], { maxTokens: 3 });
    assert.equal(t.registry.list().find((model) => model.name === name)?.state, 'ready');
  }
});

test('what crashed is remembered by the registry, until it is loaded by hand or changes', slow, async () => {
  await using t = await openPool();
  const { signal } = new AbortController();
  const crashing = { metadata: { 'llama.attention.head_count': { u32: 0 } } };
  const path = t.add('heads', (path) => writeRandomModel(path, crashing));
  const problem = () => t.registry.list().find(({ name }) => name === 'heads')?.problem;
  await refused(t.ask('heads', [user('hi')]), 'model_crashed');
  assert.match(problem() ?? '', /^When it was loaded, it crashed \(signal SIGABRT: .*GGML_ASSERT.*\)\.$/);

  const next = createPool(t.options);
  await assert.rejects(next.generate(t.generation('heads', [user('hi')])), { code: 'model_crashed' });
  assert.deepEqual(next.status(), []);
  await assert.rejects(next.load('heads', signal), { code: 'model_crashed' });
  assert.equal(t.pids().length, 2, 'it was tried again');
  rmSync(path);
  writeRandomModel(path);
  await next.generate(t.generation('heads', [user('hi')], { maxTokens: 3 }));
  assert.equal(problem(), null);
  await next.dispose();
});

test('a file that is known to be damaged is not loaded, also not by hand', slow, async () => {
  await using t = await openPool();
  const path = t.add('damaged', (path) => writeRandomModel(path));
  const reason = 'Its files are not as they were imported: damaged.gguf is damaged.';
  t.registry.setProblem('damaged', '1.0.0', { fingerprint: checkModelFile(path), reason, damaged: true });
  await refused(t.ask('damaged', [user('hi')]), 'model_unreadable', /not as they were imported.*Import the same file/);
  await refused(t.pool.load('damaged', new AbortController().signal), 'model_unreadable');
  assert.deepEqual(t.pids(), []);
});

test('a file cut off under a running worker ends only the worker', slow, async () => {
  await using t = await openPool();
  const path = t.add('cut', (path) => writeRandomModel(path, { width: 64, layers: 4 }));
  const whole = `${path}.whole`;
  copyFileSync(path, whole);
  let cut = false;
  const asked = t.ask('cut', [user('hi')], {
    maxTokens: 1000,
    onText: () => {
      if (!cut) truncateSync(path, 4096);
      cut = true;
    },
  });
  await refused(asked, 'worker_failed', /SIGBUS/);
  copyFileSync(whole, path);
  await t.ask('cut', [user('hi')], { maxTokens: 3 });
});

test('an unknown model is answered with those that there are', slow, async () => {
  await using t = await openPool();
  t.registry.registerEmbedded();
  await refused(t.ask('nobody', [user('hi')]), 'model_missing', /default, canary/);
  assert.throws(() => t.pool.describe('nobody'), { code: 'model_missing' });
});

test('a worker program that does not start is a failed worker', slow, async () => {
  await using t = await openPool({ workerProgram: '/nowhere/worker.js' });
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['Never said.'] }]));
  await refused(t.ask('scripted', [user('hi')]), 'worker_failed');
});

/** A model file with changed bytes, cut to a number of bytes or a share of them. */
function writeModel(path: string, change: (bytes: Buffer) => void, keep = 1): void {
  writeRandomModel(path);
  const bytes = readFileSync(path);
  change(bytes);
  writeFileSync(path, bytes.subarray(0, keep > 1 ? keep : Math.floor(bytes.length * keep)));
}
