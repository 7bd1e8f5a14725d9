import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Generation } from '../../../server/inference/engine.ts';
import { createParkedStates } from '../../../server/inference/parkedStates.ts';
import { createParking } from '../../../server/inference/parking.ts';
import { openMemoryFile } from '../../../server/storage/memoryFile.ts';
import { HERMES_TEMPLATE } from '../../support/gguf/hermesTemplate.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { tempFolder } from '../../support/temp.ts';
import { openQueue } from '../tasks/queueFixture.ts';
import { openPool, said, type TestPool, user } from './testPool.ts';

const CALLS = ['{"tool":"look_around"}', '{"tool":"finish"}'] as const;
const ENDLESS = Array.from({ length: 400 }, (_, i) => `and ${i}`).join(' ');
const thinks: Partial<Generation> = {
  grammar: { gbnf: String.raw`root ::= "{\"tool\":\"" [a-z_]+ "\"}"` },
  thinkingTokens: 200,
};

/** Thinks before each of its calls; told to ponder, it does not come to an end. */
let t: TestPool;
before(async () => {
  t = await openPool();
  t.add('thinker', (path) =>
    writeScriptedModel(
      path,
      [
        { answers: ['What could it be?\n</think>', CALLS[0], 'That was all!\n</think>', CALLS[1]] },
        { when: 'Ponder', answers: [ENDLESS] },
      ],
      { metadata: { 'tokenizer.chat_template': { string: HERMES_TEMPLATE } } },
    ),
  );
});
after(() => t[Symbol.asyncDispose]());

test('a thought is given up when its request is, and the worker speaks on', { timeout: 120_000 }, async () => {
  const abort = new AbortController();
  const given = t.ask('thinker', [user('Ponder')], {
    ...thinks,
    signal: abort.signal,
    onThinking: () => abort.abort(new Error('enough')),
    onText: () => assert.fail('it spoke'),
  });
  await assert.rejects(given, /enough/);
  const { text } = await t.ask('thinker', [user('hi')], { ...thinks, conversation: 'another' });
  assert.equal(text, CALLS[0]);
});

test('a conversation with thoughts is parked, and goes on behind its prompt', {
  timeout: 120_000,
  skip: openMemoryFile() === null,
}, async () => {
  using q = await openQueue();
  using folder = tempFolder('thoughts');
  const states = createParkedStates({ db: q.db, folder: folder.path, mostBytes: 100e6, now: () => q.clock.now++ });
  const { engine, park } = createParking({ pool: t.pool, states, log: t.options.log });
  const task = q.ask({ model: 'thinker' });
  const say = (turns: Generation['turns']) =>
    engine.generate(t.generation('thinker', turns, { ...thinks, conversation: task.id }));
  const begin = user(`${'a long question '.repeat(30)}?`);
  const first = await say([begin]);
  assert.equal(first.text, CALLS[0]);
  await park(task);
  await t.pool.unload('thinker');
  const next = await say([begin, said(first.text), user('result: ok')]);
  assert.equal(next.text, CALLS[1]);
  assert.ok(next.usage.cachedTokens >= first.usage.promptTokens, JSON.stringify(next.usage));
});
