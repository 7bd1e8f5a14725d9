import assert from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Task } from '../../../protocol/index.ts';
import type { Engine, Generation, Turn } from '../../../server/inference/engine.ts';
import { createParkedStates } from '../../../server/inference/parkedStates.ts';
import { createParking } from '../../../server/inference/parking.ts';
import { createPool, type Pool } from '../../../server/inference/pool.ts';
import { openMemoryFile } from '../../../server/storage/memoryFile.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { tempFolder } from '../../support/temp.ts';
import { openQueue } from '../tasks/queueFixture.ts';
import { openPool, said, user } from './testPool.ts';

const slow = { timeout: 120_000 };
/** Windows and macOS have no files in memory: there everything is evaluated again. */
const keeps = openMemoryFile() !== null;
/** More than the tokens with which every conversation begins. */
const ALIKE = 60;
const LONG = Array.from({ length: 100 }, (_, i) => `word ${i}`).join(' ');

/** Tasks with a model that babbles: what it says hangs on all that it has evaluated. */
async function open(mostBytes = 100e6) {
  const [t, q, folder] = [await openPool({ conversations: 3 }), await openQueue(), tempFolder('parked')];
  const path = t.add('random', (path) => writeRandomModel(path));
  const states = createParkedStates({ db: q.db, folder: folder.path, mostBytes, now: () => q.clock.now++ });
  states.sweep();
  const parkingOf = (pool: Pool) => createParking({ pool, states, log: t.options.log });
  const say = (engine: Engine, task: Task, turns: readonly Turn[], more: Partial<Generation> = {}) =>
    engine.generate(t.generation('random', turns, { conversation: task.id, maxTokens: 40, ...more }));
  return {
    ...{ t, q, path, states, folder: folder.path, say, parkingOf, ...parkingOf(t.pool) },
    files: () => readdirSync(folder.path),
    task: () => q.ask({ model: 'random' }),
    /** Two turns of a task, and what would come next. */
    async begin(engine: Engine, task: Task, more: Partial<Generation> = {}): Promise<Turn[]> {
      const turns = [user(LONG)];
      for (const next of ['and then?', 'and in the end?'])
        turns.push(said((await say(engine, task, turns, more)).text), user(next));
      return turns;
    },
    /** Others take every slot of the worker. */
    async crowd() {
      for (const conversation of ['x', 'y', 'z'])
        await t.ask('random', [user(`${conversation} ${LONG}`)], {
          conversation,
          maxTokens: 1,
          priority: 'interactive',
        });
    },
    async [Symbol.asyncDispose]() {
      await t[Symbol.asyncDispose]();
      q[Symbol.dispose]();
      folder[Symbol.dispose]();
    },
  };
}

test('a conversation that was parked goes on as if undisturbed, wherever it went meanwhile', slow, async (c) => {
  await using p = await open();
  for (const repeats of [false, true]) {
    const undisturbed = p.task();
    const turns = await p.begin(p.engine, undisturbed, { repeats });
    const expected = await p.say(p.engine, undisturbed, turns, { repeats });
    assert.ok(expected.usage.cachedTokens / expected.usage.promptTokens > 0.9, 'the model goes on at all');

    const disturbances: Record<string, () => Promise<unknown>> = {
      'its slot was taken': p.crowd,
      'the model was unloaded': () => p.t.pool.unload('random'),
      'nothing happened': async () => {},
    };
    for (const [what, disturb] of Object.entries(disturbances)) {
      const task = p.task();
      assert.deepEqual(await p.begin(p.engine, task, { repeats }), turns);
      await p.park(task);
      if (keeps) assert.equal(p.files().length, 1, what);
      await disturb();
      const answer = await p.say(p.engine, task, turns, { repeats });
      c.diagnostic(`${what}: ${answer.usage.cachedTokens} of ${answer.usage.promptTokens} tokens`);
      assert.equal(answer.text, expected.text, what);
      if (keeps) assert.equal(answer.usage.cachedTokens, expected.usage.cachedTokens, what);
      p.q.queue.cancel(task.id);
      p.states.forget(task.id);
      assert.deepEqual(p.files(), [], what);
    }
    await p.crowd();
    const again = await p.say(p.engine, undisturbed, turns, { repeats });
    assert.ok(again.usage.cachedTokens < ALIKE, 'without its state it is evaluated again');
  }
});

test('another server finds what was parked', slow, async () => {
  await using p = await open();
  const task = p.task();
  const turns = await p.begin(p.engine, task);
  const expected = await p.say(p.engine, task, turns);
  await p.park(task);
  await p.t.pool.dispose();
  const pool = createPool(p.t.options);
  try {
    const answer = await p.say(p.parkingOf(pool).engine, task, turns);
    assert.equal(answer.text, expected.text);
    if (keeps) assert.equal(answer.usage.cachedTokens, expected.usage.promptTokens - 1);
    assert.equal(p.states.find(task.id), undefined, 'a state is used once');
    assert.deepEqual(p.files(), []);
  } finally {
    await pool.dispose();
  }
});

test('who goes on while it is parked waits for that', slow, async () => {
  await using p = await open();
  const task = p.task();
  const turns = await p.begin(p.engine, task);
  const [, answer] = await Promise.all([p.park(task), p.say(p.engine, task, turns)]);
  assert.ok(answer.usage.cachedTokens / answer.usage.promptTokens > 0.9, JSON.stringify(answer.usage));
});

test('a state that is damaged, missing, foreign or of another model is not used', {
  ...slow,
  skip: !keeps,
}, async () => {
  await using p = await open();
  const [task, other] = [p.task(), p.task()];
  const turns = await p.begin(p.engine, task);
  await p.crowd();
  // What is evaluated again is read from the text, whose tokens need not be those that the model wrote.
  const expected = await p.say(p.t.pool, task, turns);
  const file = () => join(p.folder, p.files()[0] ?? '');
  const flip = (at: number) => {
    const bytes = readFileSync(file());
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(file(), bytes);
  };
  const spoil: Record<string, () => unknown> = {
    'a changed beginning': () => flip(0),
    'a changed middle': () => flip(20_000),
    'a cut end': () => truncateSync(file(), 20_000),
    'an empty file': () => truncateSync(file(), 0),
    'no file': () => rmSync(file()),
    'another build': () => p.q.db.prepare(`UPDATE parked SET identity = identity || 'x'`).run(),
    'the state of another task': async () => {
      const mine = file();
      await p.begin(p.engine, other);
      await p.park(other);
      const others = p.files().find((name) => !mine.endsWith(name)) ?? '';
      renameSync(join(p.folder, others), mine);
    },
    'another file of the model': () => {
      writeRandomModel(`${p.path}.new`);
      renameSync(`${p.path}.new`, p.path);
    },
  };
  for (const [what, change] of Object.entries(spoil)) {
    await p.begin(p.engine, task);
    await p.park(task);
    assert.equal(p.files().length, 1, what);
    await change();
    await p.crowd();
    const answer = await p.say(p.engine, task, turns);
    assert.equal(answer.text, expected.text, what);
    assert.ok(answer.usage.cachedTokens < ALIKE, what);
  }
  assert.ok(p.t.log.some((line) => line.includes('evaluated again')));
  assert.equal(p.t.pids().length, 2, 'no worker died of it');
});

test('little is not kept, nor what is large, nor for a task that has ended', { ...slow, skip: !keeps }, async () => {
  await using p = await open();
  const task = p.task();
  await p.say(p.engine, task, [user('short')]);
  await p.park(task);
  assert.deepEqual(p.files(), []);
  await p.begin(p.engine, task);
  await p.parkingOf({ ...p.t.pool, park: (what, keep) => p.t.pool.park({ ...what, least: 10_000 }, keep) }).park(task);
  assert.deepEqual(p.files(), []);
  p.q.queue.cancel(task.id);
  await p.park(task);
  assert.deepEqual(p.files(), []);
});

test('the oldest make room for the newest', { ...slow, skip: !keeps }, async () => {
  await using p = await open();
  const bytesOf = () => p.q.db.prepare<[], { bytes: number }>('SELECT bytes FROM parked').get()?.bytes ?? 0;
  const first = p.task();
  await p.begin(p.engine, first);
  await p.park(first);
  const bytes = bytesOf();
  const tasks = [p.task(), p.task()];
  for (const task of tasks) {
    await p.begin(p.engine, task);
    await p.park(task);
  }
  assert.equal(p.files().length, 3);
  const small = createParkedStates({
    ...{ db: p.q.db, folder: p.folder, now: () => p.q.clock.now++ },
    mostBytes: 2.5 * bytes,
  });
  const parking = createParking({ pool: p.t.pool, states: small, log: p.t.options.log });
  const last = p.task();
  await p.begin(parking.engine, last);
  await parking.park(last);
  assert.equal(p.files().length, 2);
  assert.deepEqual(
    [first, ...tasks, last].map(({ id }) => small.find(id) !== undefined),
    [false, false, true, true],
  );
  const tiny = createParkedStates({ db: p.q.db, folder: p.folder, now: () => p.q.clock.now++, mostBytes: bytes / 2 });
  await createParking({ pool: p.t.pool, states: tiny, log: p.t.options.log }).park(last);
  assert.equal(p.files().length, 2, 'what is too large displaces nobody');
});
