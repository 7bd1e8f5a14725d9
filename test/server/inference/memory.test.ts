import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OspainError } from '../../../protocol/index.ts';
import type { Holder } from '../../../server/inference/holder.ts';
import type { Keeper } from '../../../server/inference/keeper.ts';
import { createMemory } from '../../../server/inference/memory.ts';
import type { StoredModel } from '../../../server/models/registry.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { LONG_ANSWER, writeLongTalker } from '../../support/longTalker.ts';
import { openPool, type TestPool, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const { signal } = new AbortController();

/** A tiny model is let in with about 130 MB, for its process; nobody measures what it really takes. */
const ROOM_FOR_TWO = { memoryBytes: 300e6, memoryOf: () => null };

function addModels(t: TestPool, ...names: string[]) {
  for (const name of names) t.add(name, (path) => writeScriptedModel(path, [{ answers: [`I am ${name}.`] }]));
}
const loaded = (t: TestPool) =>
  t.pool
    .status()
    .map(({ model }) => model)
    .sort();

test('the model that was not used for longest makes room', slow, async () => {
  await using t = await openPool(ROOM_FOR_TWO);
  addModels(t, 'a', 'b', 'c');
  for (const name of ['a', 'b', 'a']) await t.ask(name, [user('hi')]);
  assert.equal((await t.ask('c', [user('hi')])).text, 'I am c.');
  assert.deepEqual(loaded(t), ['a', 'c']);
  assert.equal(t.registry.list().find(({ name }) => name === 'b')?.state, 'idle');
  assert.equal((await t.ask('b', [user('hi')])).text, 'I am b.');
  assert.deepEqual(loaded(t), ['b', 'c']);
});

test('models that speak stay, and who asks for another one is refused with the reason', slow, async () => {
  await using t = await openPool(ROOM_FOR_TWO);
  addModels(t, 'c');
  for (const name of ['a', 'b']) {
    t.add(name, writeLongTalker);
    await t.pool.load(name, signal);
  }
  let refused: Promise<void> | undefined;
  const speaking = ['a', 'b'].map((name) =>
    t.ask(name, [user('hi')], {
      maxTokens: 1000,
      onText() {
        const busy = t.pool.status().filter(({ state }) => state === 'busy');
        if (busy.length === 2) refused ??= assert.rejects(t.ask('c', [user('hi')]), isRefusal);
      },
    }),
  );
  const isRefusal = (error: OspainError) => {
    assert.equal(error.code, 'memory_short');
    assert.match(error.message, /for the model c: it needs 0\.1 GB, and 0\.0 GB could be had/);
    assert.match(error.hint ?? '', /Loaded: a \(0\.1 GB, in use\), b \(0\.1 GB, in use\)/);
    return true;
  };
  for (const { text } of await Promise.all(speaking)) assert.equal(text, LONG_ANSWER);
  await refused;
  assert.ok(refused);
  assert.equal((await t.ask('c', [user('hi')])).text, 'I am c.', 'now that they are silent');
});

test('a model that a task works with stays although it is silent', slow, async () => {
  await using t = await openPool(ROOM_FOR_TWO);
  addModels(t, 'a', 'b', 'c');
  const letGo = t.pool.hold(() => ['a', 'no-such-model']);
  for (const name of ['a', 'b', 'c']) await t.ask(name, [user('hi')]);
  assert.deepEqual(loaded(t), ['a', 'c']);
  letGo();
  await t.ask('b', [user('hi')]);
  assert.deepEqual(loaded(t), ['b', 'c']);
});

test('a pinned model stays until a person unloads it', slow, async () => {
  await using t = await openPool(ROOM_FOR_TWO);
  addModels(t, 'a', 'b', 'c', 'd');
  for (const name of ['a', 'b']) t.registry.setPinned(name, '1.0.0', true);
  for (const name of ['a', 'c', 'b']) await t.ask(name, [user('hi')]);
  assert.deepEqual(loaded(t), ['a', 'b']);
  await assert.rejects(t.ask('d', [user('hi')]), (error: OspainError) => {
    assert.match(error.hint ?? '', /a \(0\.1 GB, pinned\), b \(0\.1 GB, pinned\)/);
    return error.code === 'memory_short';
  });
  t.registry.setPinned('b', '1.0.0', false);
  await t.ask('d', [user('hi')]);
  assert.deepEqual(loaded(t), ['a', 'd']);
  assert.deepEqual(await t.pool.unload('a'), { unloaded: true, interrupted: 0 });
  assert.deepEqual(loaded(t), ['d']);
});

test('two that are asked for at once are let in one after another', slow, async () => {
  await using t = await openPool({ memoryBytes: 150e6, memoryOf: () => null });
  addModels(t, 'a', 'b');
  const both = await Promise.allSettled(['a', 'b'].map((name) => t.ask(name, [user('hi')])));
  assert.deepEqual(
    both.map((one) => (one.status === 'fulfilled' ? one.value.text : one.reason.code)),
    ['I am a.', 'memory_short'],
  );
});

test('a machine without memory loads nothing, and says so', slow, async () => {
  let available = 60e6;
  await using t = await openPool({ availableBytes: () => available });
  addModels(t, 'a', 'b');
  await assert.rejects(t.ask('a', [user('hi')]), (error: OspainError) => {
    assert.match(error.message, /it needs 0\.1 GB, and 0\.1 GB could be had/);
    assert.match(error.hint ?? '', /No model is loaded/);
    return error.code === 'memory_short';
  });
  assert.deepEqual(t.pids(), []);
  available = 10e9;
  await t.ask('a', [user('hi')]);
  available = -100e6;
  // What the worker of a gives back is just not enough.
  assert.deepEqual(await outcome(t, 'b'), process.platform === 'linux' ? 'memory_short' : 'I am b.');
});

const outcome = (t: TestPool, name: string): Promise<string> =>
  t.ask(name, [user('hi')]).then(
    ({ text }) => text,
    (error: OspainError) => error.code,
  );

test('what a loaded model may grow to and what tasks will load is not free', slow, async () => {
  await using t = await openPool(ROOM_FOR_TWO);
  addModels(t, 'a', 'b', 'c');
  const room = (name: string, expected: string[]) => {
    const found = t.pool.roomFor(name, expected);
    return found.fits ? found.conversations : 'no';
  };
  assert.equal(room('c', ['no-such-model']), 5);
  assert.equal(room('c', ['a', 'c']), 5);
  assert.equal(room('c', ['a', 'b']), 'no');
  await t.pool.load('a', signal);
  assert.equal(room('a', []), 5);
  assert.equal(room('c', ['b']), 5, 'a would leave');
  const [loading, also] = [t.pool.load('b', signal), t.pool.load('c', signal)];
  await Promise.all([loading, also]);
  assert.deepEqual(loaded(t), ['b', 'c']);
});

/** A keeper of a model with a conversation of so many bytes. */
const keeperOf = (bytes: number) => ({ model: { bytes } as StoredModel, occupant: () => null }) as unknown as Keeper;

function roomFor(conversation: number, limits: { total: number; most?: number; available?: number }) {
  const memory = createMemory({
    keepers: () => [],
    footprintOf: ({ bytes }) => ({ model: 100, conversation: bytes }),
    conversations: 5,
    mostBytes: limits.most ?? Number.POSITIVE_INFINITY,
    availableBytes: () => limits.available ?? 1e9,
    totalBytes: () => limits.total,
  });
  const room = memory.roomFor(keeperOf(conversation), []);
  return room.fits ? room.conversations : 'no';
}

test('the conversations of one model take no more than a quarter of the memory that there is', () => {
  assert.equal(roomFor(10, { total: 200 }), 5);
  assert.equal(roomFor(10, { total: 199 }), 4);
  assert.equal(roomFor(10, { total: 79 }), 1);
  assert.equal(roomFor(10, { total: 10 }), 1, 'but there is always one');
  assert.equal(roomFor(0, { total: 10 }), 5);
});

test('nor of the limit, where there is one', () => {
  assert.equal(roomFor(10, { total: 1e6, most: 200 }), 5);
  assert.equal(roomFor(10, { total: 1e6, most: 120 }), 2);
  assert.equal(roomFor(10, { total: 1e6, most: 100 }), 'no');
});

test('a busy machine gives room to fewer', () => {
  assert.equal(roomFor(10, { total: 1e6, available: 135 }), 3);
  assert.equal(roomFor(10, { total: 1e6, available: 109 }), 'no');
});

test('whoever came first has what was freed for it', async () => {
  const freed = { x: Promise.withResolvers<void>(), y: Promise.withResolvers<void>() };
  const kept = new Map<string, Keeper>();
  const warm = (name: 'x' | 'y'): Keeper => {
    const keeper = { end: async () => freed[name].promise.then(() => void kept.delete(name)) } as unknown as Keeper;
    const occupant = { keeper, name, held: 100, admitted: 100, mapped: 0, conversations: 1, isLoading: false };
    keeper.occupant = () => ({ ...occupant, usedAt: 0, stays: null });
    return keeper;
  };
  for (const name of ['x', 'y'] as const) kept.set(name, warm(name));
  const memory = createMemory({
    keepers: () => kept.values(),
    footprintOf: ({ bytes }) => ({ model: bytes, conversation: 0 }),
    conversations: 1,
    mostBytes: 200,
    availableBytes: () => 1e9,
  });
  const order: string[] = [];
  const enter = (name: string, bytes: number) => {
    const keeper = keeperOf(bytes);
    return memory.makeRoom(keeper, () => {
      order.push(name);
      const occupant = { keeper, name, held: bytes, admitted: bytes, mapped: 0, conversations: 1, isLoading: false };
      kept.set(name, { ...keeper, occupant: () => ({ ...occupant, usedAt: 0, stays: 'in use' }) });
      return {} as Holder;
    });
  };
  const both = Promise.allSettled([enter('large', 200), enter('small', 100)]);
  freed.x.resolve();
  await new Promise(setImmediate);
  assert.deepEqual(order, []);
  freed.y.resolve();
  assert.deepEqual(
    (await both).map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.deepEqual(order, ['large']);
});
