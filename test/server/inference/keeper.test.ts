import assert from 'node:assert/strict';
import { test } from 'node:test';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { fakeTime } from '../tasks/fakeTime.ts';
import { openPool, type TestPool, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const { signal } = new AbortController();
/** Not even being ended. */
const stays = (t: TestPool) => t.pool.status().length === 1 && !t.log.some((line) => /is unloaded/.test(line));
const addModel = (t: TestPool) => t.add('a', (path) => writeScriptedModel(path, [{ answers: ['I am a.'] }]));

test('a model that nobody asked for leaves', slow, async () => {
  const time = fakeTime({ now: 0 });
  let works = false;
  await using t = await openPool({ after: time.after, idleMs: 600_000 });
  t.pool.hold(() => (works ? ['a'] : []));
  addModel(t);
  await t.ask('a', [user('hi')]);
  await time.pass(599_999);
  await t.ask('a', [user('hi')]);
  await time.pass(599_999);
  assert.ok(stays(t));
  works = true;
  await time.pass(3_000_000);
  assert.ok(stays(t), 'a task is between two turns with it');
  works = false;
  t.registry.setPinned('a', '1.0.0', true);
  await t.pool.load('a', signal);
  await time.pass(3_000_000);
  assert.ok(stays(t), 'it is pinned');
  t.registry.setPinned('a', '1.0.0', false);
  await t.pool.load('a', signal);
  await time.pass(600_000);
  while (t.pool.status().length > 0) await new Promise(setImmediate);
  assert.match(t.log.join('\n'), /a is unloaded: nobody asked for it any more/);
  assert.equal((await t.ask('a', [user('hi')])).text, 'I am a.');
});

test('a model stays for ever where nobody set a time', slow, async () => {
  const time = fakeTime({ now: 0 });
  await using t = await openPool({ after: time.after, idleMs: 0 });
  addModel(t);
  await t.ask('a', [user('hi')]);
  assert.equal(time.waiting(), 0);
});
