import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { MAX_CONTEXT } from '../../../server/models/description.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { type ModelStore, testModelStore } from './modelStore.ts';

type Models = Awaited<ReturnType<typeof testModelStore>>;

let time = 1;
let t: Models;
let embedded: string;
let mine: string;

beforeEach(async () => {
  time = 1;
  t = await testModelStore({ now: () => time });
  embedded = join(t.folder.folder, 'embedded.gguf');
  mine = join(t.elsewhere, 'mine.gguf');
  writeFileSync(embedded, 'GGUF');
  writeFileSync(mine, 'GGUF of mine');
});
afterEach(() => t[Symbol.asyncDispose]());

const names = ({ registry }: Pick<ModelStore, 'registry'>) =>
  registry.list().map(({ name, version }) => `${name}@${version}`);
const aliasesOf = (name: string, { registry }: Pick<ModelStore, 'registry'> = t) =>
  registry.list().find((model) => model.name === name)?.aliases;
/** A small model file that differs with its seed. */
const model = (seed: number, name = `model${seed}`): string => {
  const path = join(t.elsewhere, `${name}.gguf`);
  writeRandomModel(path, { seed });
  return path;
};

test('the embedded model is the default until a person chooses another', async () => {
  t.registry.registerEmbedded();
  assert.deepEqual(t.registry.list(), [
    {
      ...{ name: 'canary', version: '1.0.0', aliases: ['default'], tags: [], format: 'gguf', artifact: embedded },
      ...{ bytes: 4, sha256: null, architecture: null, parameters: null, quantization: null, abilities: [] },
      ...{ contextLength: MAX_CONTEXT, profile: 'tiny', licence: null, source: null, embedded: true, pinned: false },
      ...{ memoryBytes: null, benchmark: null, state: 'idle', problem: null, loadedAt: null, createdAt: 1 },
    },
  ]);
  t.registry.registerFile({ name: 'mine', version: '1.2.0', path: mine });
  t.registry.setAlias('default', 'mine');
  const other = await t.open();
  other.registry.registerEmbedded();
  assert.equal(other.registry.resolve('default').name, 'mine');
  other.registry.removeAlias('default');
  assert.equal(t.registry.resolve('default').name, 'canary');
  assert.throws(() => other.registry.removeAlias('default'), { code: 'not_found' });
});

test('the card beside the embedded model tells its version, and each installation knows its own', async () => {
  const card = join(t.folder.folder, 'embedded.json');
  writeFileSync(card, JSON.stringify({ version: '1.1.0', made: 'today' }));
  t.registry.registerEmbedded();
  assert.equal(t.registry.resolve('default').version, '1.1.0');
  t.registry.setAlias('little', 'canary');
  writeFileSync(card, JSON.stringify({ version: '1.2.0' }));
  const newer = await t.open();
  newer.registry.registerEmbedded();
  assert.deepEqual([names(t), names(newer)], [['canary@1.1.0'], ['canary@1.2.0']]);
  assert.equal(newer.registry.resolve('little').version, '1.2.0');
  assert.equal(t.registry.resolve('little').version, '1.1.0');
  rmSync(card);
});

test('files of the settings are the default of this server only', async () => {
  t.registry.registerEmbedded();
  t.registry.useFiles([mine, join(t.elsewhere, 'absent.gguf')]);
  assert.equal(t.registry.resolve('default').artifact, mine);
  assert.deepEqual([aliasesOf('mine'), aliasesOf('canary')], [['default'], []]);
  assert.equal(t.registry.resolve('absent').bytes, 0);
  assert.throws(() => t.registry.setAlias('default', 'canary'), { code: 'wrong_state' });
  const other = await t.open();
  other.registry.registerEmbedded();
  assert.equal(other.registry.resolve('default').name, 'canary');
  other.registry.useFiles([]);
  assert.equal(other.registry.resolve('mine').artifact, mine);
  const namesake = join(t.folder.folder, 'mine.gguf');
  writeFileSync(namesake, 'GGUF of another');
  other.registry.useFiles([namesake]);
  assert.deepEqual(
    [t.registry.resolve('mine').artifact, other.registry.resolve('mine').artifact],
    [mine, namesake],
    'each server means its own file',
  );
});

test('an unknown model is answered with those that there are', () => {
  t.registry.registerEmbedded();
  for (const name of ['nobody', 'canary@9.9.9', '', '@', 'canary@'])
    assert.throws(() => t.registry.resolve(name), { code: 'model_missing', hint: 'Known are: default, canary.' });
  assert.throws(() => t.registry.setAlias('fast', 'nobody'), { code: 'model_missing' });
});

test('a name alone means its newest release, whatever came last', async () => {
  for (const [seed, version] of [
    [1, '1.10.0'],
    [2, '1.9.0'],
    [3, '2.0.0-rc.1'],
  ] as const)
    await t.add(model(seed), { version });
  assert.deepEqual(names(t), ['mine@2.0.0-rc.1', 'mine@1.10.0', 'mine@1.9.0']);
  for (const ref of ['mine', 'mine@latest', 'mine@1.10.0']) assert.equal(t.registry.find(ref).version, '1.10.0');
  assert.equal(t.registry.find('mine@2.0.0-rc.1').version, '2.0.0-rc.1');
});

test('aliases and names do not hide each other', async () => {
  t.registry.registerEmbedded();
  await t.add(model(1), { alias: 'fast' });
  await t.add(model(2), { name: 'other', alias: 'fast' });
  assert.deepEqual([aliasesOf('mine'), aliasesOf('other')], [[], ['fast']]);
  const refused: Array<() => unknown> = [
    () => t.registry.setAlias('mine', 'other'),
    () => t.add(model(3), { name: 'fast' }),
    () => t.add(model(3), { name: 'default' }),
    () => t.add(model(3), { name: 'new', alias: 'new' }),
    () => t.add(model(3), { name: 'new', alias: 'other' }),
  ];
  for (const refuse of refused) await assert.rejects(async () => refuse(), { code: 'conflict' });
  assert.deepEqual(names(t), ['mine@1.0.0', 'other@1.0.0', 'canary@1.0.0']);
});

test('tags, pins, problems and benchmarks stay with a version, for every server', async () => {
  const key = await t.add(model(1));
  t.registry.tag('mine', ['good', 'small'], []);
  t.registry.tag('mine', ['good'], ['small']);
  t.registry.setPinned(key.name, key.version, true);
  t.registry.setMemoryBytes(key.name, key.version, 5e6);
  t.registry.setProblem(key.name, key.version, { fingerprint: 'f', reason: 'It crashed.' });
  const benchmark = { promptRate: 10, decodeRate: 5, loadMs: 100, memoryBytes: 7e6, threads: 2, at: 3 };
  t.registry.addBenchmark(key.name, key.version, { ...benchmark, at: 2 });
  t.registry.addBenchmark(key.name, key.version, benchmark);
  const { model: seen, benchmarks } = (await t.open()).registry.describe(key);
  assert.deepEqual(
    [seen.tags, seen.pinned, seen.memoryBytes, seen.problem, seen.benchmark],
    [['good'], true, 5e6, 'It crashed.', benchmark],
  );
  assert.deepEqual(
    benchmarks.map(({ at }) => at),
    [3, 2],
  );
  assert.equal(t.registry.resolve('mine').problem?.fingerprint, 'f');
  t.registry.setProblem(key.name, key.version, null);
  assert.equal(t.registry.resolve('mine').problem, null);
});

test('every change is told once, as a whole, also that of another server', async () => {
  const other = await t.open();
  t.registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  t.registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  t.registry.setState('mine', '1.0.0', 'loading');
  t.registry.setState('mine', '1.0.0', 'loading');
  t.registry.markLoaded('mine', '1.0.0', { at: 7, contextLength: 512 });
  t.registry.setState('mine', '1.0.0', 'ready');
  assert.deepEqual(
    t.changes.map(({ state, loadedAt, contextLength }) => [state, loadedAt, contextLength]),
    [
      ['idle', null, MAX_CONTEXT],
      ['loading', null, MAX_CONTEXT],
      ['loading', 7, 512],
      ['ready', 7, 512],
    ],
  );
  other.registry.tell();
  other.registry.tell();
  assert.deepEqual(
    other.changes.map(({ state, loadedAt }) => [state, loadedAt]),
    [['idle', 7]],
    'what a worker does is of its own server',
  );
  other.registry.remove({ name: 'mine', version: '1.0.0' });
  t.registry.tell();
  assert.deepEqual(
    [t.removed, other.removed],
    [[{ name: 'mine', version: '1.0.0' }], [{ name: 'mine', version: '1.0.0' }]],
  );
});

test('what a worker told stays known until the file changes', async () => {
  const path = model(1, 'short');
  t.registry.registerFile({ name: 'short', version: '1.0.0', path });
  t.registry.markLoaded('short', '1.0.0', { at: 7, contextLength: 512 });
  const next = await t.open();
  next.registry.registerFile({ name: 'short', version: '1.0.0', path });
  assert.deepEqual([next.registry.resolve('short').contextLength, next.registry.resolve('short').loadedAt], [512, 7]);
  writeRandomModel(path, { contextLength: 1024, width: 64 });
  next.registry.registerFile({ name: 'short', version: '1.0.0', path });
  assert.equal(next.registry.resolve('short').contextLength, 1024);
});

test('the context is what the file says, as far as memory allows', () => {
  for (const [name, contextLength, expected] of [
    ['short', 768, 768],
    ['long', 131_072, MAX_CONTEXT],
    ['none', 0, MAX_CONTEXT],
  ] as const) {
    const path = join(t.elsewhere, `${name}.gguf`);
    writeRandomModel(path, { contextLength });
    t.registry.registerFile({ name, version: '1.0.0', path });
    assert.equal(t.registry.resolve(name).contextLength, expected);
  }
});

test('the profile is told by whoever registers, or follows the size', () => {
  t.registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  assert.equal(t.registry.resolve('mine').profile, 'small');
  t.registry.registerFile({ name: 'mine', version: '1.0.0', path: mine, profile: 'full' });
  assert.equal(t.registry.resolve('mine').profile, 'full');
});

test('nobody changes a version of the store, not even with SQL', async () => {
  await t.add(model(1));
  for (const sql of [
    `UPDATE versions SET digest = '${'0'.repeat(64)}'`,
    `UPDATE versions SET version = '2.0.0'`,
    'UPDATE files SET bytes = 1',
    'DELETE FROM files',
  ])
    assert.throws(() => t.db.exec(sql), /immutable/, sql);
});

test('what this server would bring back is not removed', () => {
  t.registry.registerEmbedded();
  t.registry.useFiles([mine]);
  assert.throws(() => t.registry.remove({ name: 'canary', version: '1.0.0' }), { code: 'wrong_state' });
  assert.throws(() => t.registry.remove({ name: 'mine', version: '0.0.0' }), { code: 'wrong_state' });
  t.registry.useFiles([]);
  t.registry.remove({ name: 'mine', version: '0.0.0' });
  assert.deepEqual(names(t), ['canary@1.0.0']);
});
