import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { test } from 'node:test';
import { OspainError } from '../../../protocol/index.ts';
import { parseCall, renderCall } from '../../../server/agents/format.ts';
import { writeRandomModel } from '../../support/gguf/randomModel.ts';
import { writeScriptedModel } from '../../support/gguf/scriptedModel.ts';
import { openPool, said, user } from './testPool.ts';

const slow = { timeout: 120_000 };
const LONG = Array.from({ length: 600 }, (_, i) => `word ${i}`).join(' ');

test('an agent of several turns answers exactly, streams, and keeps its prefix', slow, async () => {
  await using t = await openPool();
  const calls = [
    renderCall({ tool: 'read_file', path: 'src/limits.ts' }),
    renderCall({
      tool: 'edit_file',
      path: 'src/limits.ts',
      edits: [{ search: 'const RETRY_MAX = 3;', replace: 'const RETRY_MAX = 5;' }],
    }),
    renderCall({ tool: 'finish', outcome: 'done', text: 'Changed RETRY_MAX to 5.' }),
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
    assert.ok(parseCall(answer.text).ok);
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

test('requests of one model are answered one after another, in order', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: ['The first answer.'] }]));
  const order: string[] = [];
  const asked = ['a', 'b', 'c'].map((conversation) =>
    t.ask('scripted', [user('hi')], { conversation, onText: () => order.push(conversation) }),
  );
  assert.deepEqual(
    t.pool.status().map(({ state }) => state),
    ['starting'],
  );
  await Promise.all(asked);
  assert.deepEqual([...new Set(order)], ['a', 'b', 'c']);
  assert.equal(order.join(''), [...order].sort().join(''));
  assert.equal(t.pids().length, 1);
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
  assert.deepEqual(Object.keys(parseCall(envelope.text)), ['ok', 'call']);
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

test('a stopped pool has no processes and takes no requests', slow, async () => {
  await using t = await openPool();
  t.add('scripted', (path) => writeScriptedModel(path, [{ answers: [LONG] }]));
  const open = t.ask('scripted', [user('hi')], { maxTokens: 2000, onText: () => void t.pool.dispose() });
  await assert.rejects(open, (error: OspainError) => error.code === 'worker_failed');
  await assert.rejects(t.ask('scripted', [user('hi')]), (error: OspainError) => error.code === 'unavailable');
  assert.deepEqual(t.pool.status(), []);
});
