import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import type { Model } from '../../../protocol/index.ts';
import { createRegistry, MAX_CONTEXT, type Registry } from '../../../server/models/registry.ts';
import { type Db, openDatabase } from '../../../server/storage/database.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { tempFolder } from '../../support/temp.ts';

const folder = tempFolder('registry');
const embedded = join(folder.path, 'embedded.gguf');
const mine = join(folder.path, 'mine.gguf');
writeFileSync(embedded, 'GGUF');
writeFileSync(mine, 'GGUF of mine');

let db: Db;
let changes: Model[];
let registry: Registry;
let databases = 0;

const open = (at: number): Registry =>
  createRegistry({ db, embedded, now: () => at, onChange: (model) => void changes.push(model) });

beforeEach(async () => {
  db?.close();
  db = await openDatabase({ file: join(folder.path, `${++databases}.db`), key: '0'.repeat(96) });
  changes = [];
  registry = open(1);
});
after(() => {
  db.close();
  folder[Symbol.dispose]();
});

test('the embedded model is the default until a person chooses another', () => {
  registry.registerEmbedded();
  assert.deepEqual(registry.list(), [
    {
      name: 'canary',
      version: '1.0.0',
      aliases: ['default'],
      artifact: embedded,
      bytes: 4,
      contextLength: MAX_CONTEXT,
      profile: 'tiny',
      embedded: true,
      state: 'idle',
      loadedAt: null,
    },
  ]);
  registry.registerFile({ name: 'mine', version: '1.2.0', path: mine });
  registry.setAlias('default', 'mine', '1.2.0');
  open(2).registerEmbedded();
  assert.equal(registry.resolve('default').name, 'mine');
});

test('the card beside the embedded model tells its version', (t) => {
  const card = join(folder.path, 'embedded.json');
  writeFileSync(card, JSON.stringify({ version: '1.1.0', made: 'today' }));
  t.after(() => rmSync(card));
  registry.registerEmbedded();
  assert.equal(registry.resolve('default').version, '1.1.0');
  writeFileSync(card, JSON.stringify({ version: '1.2.0' }));
  open(2).registerEmbedded();
  assert.equal(registry.resolve('default').version, '1.2.0');
  assert.equal(registry.resolve('canary').version, '1.2.0');
  assert.equal(registry.resolve('canary@1.1.0').version, '1.1.0');
});

test('files of the settings are the default of this server only', () => {
  registry.registerEmbedded();
  registry.useFiles([mine, join(folder.path, 'absent.gguf')]);
  assert.equal(registry.resolve('default').artifact, mine);
  assert.deepEqual(registry.list().find(({ name }) => name === 'mine')?.aliases, ['default']);
  assert.deepEqual(registry.list().find(({ name }) => name === 'canary')?.aliases, []);
  assert.equal(registry.resolve('absent').bytes, 0);
  const other = open(2);
  assert.equal(other.resolve('default').name, 'canary');
  other.useFiles([]);
  assert.equal(other.resolve('mine').artifact, mine);
});

test('an unknown model is answered with those that there are', () => {
  registry.registerEmbedded();
  for (const name of ['nobody', 'canary@9.9.9', '']) {
    assert.throws(() => registry.resolve(name), { code: 'model_missing', hint: 'Known are: default, canary.' });
  }
  assert.throws(() => registry.setAlias('fast', 'nobody', '1.0.0'), { code: 'model_missing' });
});

test('every change is told once, as a whole', () => {
  registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  registry.setState('mine', '1.0.0', 'loading');
  registry.setState('mine', '1.0.0', 'loading');
  registry.markLoaded('mine', '1.0.0', { at: 7, contextLength: 512 });
  registry.setState('mine', '1.0.0', 'ready');
  assert.deepEqual(
    changes.map(({ state, loadedAt, contextLength }) => [state, loadedAt, contextLength]),
    [
      ['idle', null, MAX_CONTEXT],
      ['loading', null, MAX_CONTEXT],
      ['loading', 7, 512],
      ['ready', 7, 512],
    ],
  );
});

test('what a worker told stays known to the next server', () => {
  registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  registry.markLoaded('mine', '1.0.0', { at: 7, contextLength: 512 });
  const next = open(2);
  next.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  assert.deepEqual(
    [next.resolve('mine').contextLength, next.resolve('mine').loadedAt, next.list()[0]?.state],
    [512, 7, 'idle'],
  );
});

test('the context is what the file says, as far as memory allows', () => {
  for (const [name, contextLength, expected] of [
    ['short', 768, 768],
    ['long', 131_072, MAX_CONTEXT],
    ['none', 0, MAX_CONTEXT],
  ] as const) {
    const path = join(folder.path, `${name}.gguf`);
    writeRandomModel(path, { contextLength });
    registry.registerFile({ name, version: '1.0.0', path });
    assert.equal(registry.resolve(name).contextLength, expected);
  }
  const path = join(folder.path, 'short.gguf');
  registry.markLoaded('short', '1.0.0', { at: 7, contextLength: 512 });
  registry.registerFile({ name: 'short', version: '1.0.0', path });
  assert.equal(registry.resolve('short').contextLength, 512, 'a worker knows better');
  writeRandomModel(path, { contextLength: 1024, width: 64 });
  registry.registerFile({ name: 'short', version: '1.0.0', path });
  assert.equal(registry.resolve('short').contextLength, 1024);
});

test('the profile follows the size of the file', () => {
  registry.registerFile({ name: 'mine', version: '1.0.0', path: mine });
  assert.equal(registry.resolve('mine').profile, 'small');
  registry.registerFile({ name: 'mine', version: '1.0.0', path: mine, profile: 'full' });
  assert.equal(registry.resolve('mine').profile, 'full');
});
