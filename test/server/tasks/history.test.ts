import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventData, EventType, TaskEvent } from '../../../protocol/index.ts';
import { historyOf, historyTypes, stepsOf } from '../../../server/tasks/history.ts';

const usage = { promptTokens: 1, cachedTokens: 0, generatedTokens: 1, firstTokenMs: 1, durationMs: 1 };
const error = { code: 'worker_failed' as const, message: 'x' };
const of = <T extends EventType>(type: T, data: EventData<T>) => ({ type, data });
const submitted = of('submitted', { kind: 'agent', instruction: 'x' });
const started = of('started', { attempt: 1, model: 'default' });
const turn = (n: number) => of('turn', { turn: n, text: `t${n}`, usage });
const call = (n: number, summary = `call ${n}`) => of('call', { turn: n, tool: 'read_file', summary });
const result = (n: number) => of('result', { turn: n, ok: true, text: `r${n}` });
const proposal = (status: EventData<'proposal'>['status'], files = 1) =>
  of('proposal', { status, files: Array.from({ length: files }, () => ({ path: 'a', added: 1, removed: 0 })) });
const approval = (n: number, status: EventData<'approval'>['status']) =>
  of('approval', { id: 7, turn: n, status, summary: 'run it' });
const begun = (n: number) => of('begun', { turn: n, why: 'allowed' });
const retry = of('retry', { attempt: 1, error, delayMs: 0 });
const failed = of('failed', { error });
const resumed = (step: number) => of('resumed', { step });
const round = (n: number) => [turn(n), call(n), result(n)];

const logOf = (...events: Array<{ type: EventType; data: unknown }>): TaskEvent[] =>
  events.map(({ type, data }, index) => ({ taskId: 'a', seq: index + 1, at: 100 + index, type, data }) as TaskEvent);
/** The `seq` of what is in the history. */
const kept = (...events: Parameters<typeof logOf>) => historyOf(logOf(...events)).map(({ seq }) => seq);

test('the history is the events of finished steps, in order', () => {
  assert.deepEqual(kept(), []);
  assert.deepEqual(kept(submitted, started), []);
  assert.deepEqual(
    kept(
      submitted,
      started,
      of('model', { name: 'm', state: 'loading' }),
      of('text', { turn: 1, text: 't' }),
      ...round(1),
      turn(2),
      result(2),
      proposal('open'),
      proposal('accepted'),
    ),
    [5, 6, 7, 8, 9, 10],
  );
});

test('a call without a result is not finished, and the next attempt may make it again', () => {
  assert.deepEqual(kept(submitted, started, turn(1), call(1)), [3]);
  assert.deepEqual(kept(submitted, started, turn(1), call(1), retry, started), [3]);
  assert.deepEqual(kept(submitted, started, turn(1), call(1), retry, started, call(1), result(1)), [3, 7, 8]);
  assert.deepEqual(
    kept(submitted, started, turn(1), call(1), retry, started, result(1)),
    [3, 7],
    'nor is it answered by the next attempt',
  );
  assert.deepEqual(kept(submitted, started, turn(1), call(1, 'finish'), proposal('open')), [3, 5]);
});

test('a run goes on over attempts that died, and begins anew when a person tries again', () => {
  assert.deepEqual(kept(submitted, started, ...round(1), retry, started, turn(2)), [3, 4, 5, 8]);
  assert.deepEqual(kept(submitted, started, ...round(1), failed, retry), []);
  assert.deepEqual(kept(submitted, started, ...round(1), failed, retry, started, turn(1)), [9]);
  assert.deepEqual(
    kept(submitted, started, ...round(1), of('cancelled', {}), proposal('rejected'), retry, started),
    [],
  );
  assert.deepEqual(kept(submitted, started, ...round(1), failed), [3, 4, 5], 'until then it is what was done');
});

test('resumed keeps the steps before it', () => {
  const run = [submitted, started, ...round(1), ...round(2), failed, retry];
  assert.deepEqual(kept(...run, resumed(3), started), [3, 4, 5, 6]);
  assert.deepEqual(kept(...run, resumed(0), started), []);
  assert.deepEqual(kept(...run, resumed(4)), [3, 4, 5, 6, 7, 8]);
  assert.deepEqual(kept(...run, resumed(2), started, ...round(2), failed, retry, resumed(3)), [3, 4, 5, 13]);
  assert.deepEqual(
    kept(submitted, started, ...round(1), resumed(2), ...round(2)),
    [3, 4, 5, 7, 8, 9],
    'a pause withdrawn',
  );
});

test('a kind that begins again has its earlier turns replaced', () => {
  assert.deepEqual(kept(submitted, started, ...round(1), ...round(2), retry, started, turn(1)), [11]);
  assert.deepEqual(kept(submitted, started, ...round(1), ...round(2), retry, started, turn(2)), [3, 4, 5, 11]);
});

test('steps say what they were, and where they ended', () => {
  const log = logOf(submitted, started, ...round(1), turn(2), result(2), call(3, ''), result(3), proposal('open', 2));
  assert.deepEqual(stepsOf(log), [
    { step: 1, kind: 'turn', summary: 'turn 1', seq: 3, at: 102 },
    { step: 2, kind: 'call', summary: 'call 1', seq: 5, at: 104 },
    { step: 3, kind: 'turn', summary: 'turn 2', seq: 6, at: 105 },
    { step: 4, kind: 'call', summary: 'an answer that was no call', seq: 7, at: 106 },
    { step: 5, kind: 'call', summary: 'read_file', seq: 9, at: 108 },
    { step: 6, kind: 'proposal', summary: 'edits of 2 files', seq: 10, at: 109 },
  ]);
});

test('types that do not matter may be left out', () => {
  const log = logOf(submitted, started, of('text', { turn: 1, text: 'a' }), ...round(1), of('pauseAsked', {}), failed);
  const short = log.filter(({ type }) => historyTypes.includes(type));
  assert.ok(short.length < log.length);
  assert.deepEqual(historyOf(short), historyOf(log));
});

test('what is known of whether a call may be made outlives attempts, with the call', () => {
  const asked = [submitted, started, turn(1), call(1), approval(1, 'asked')];
  assert.deepEqual(kept(...asked), [3, 4, 5]);
  const going = [...asked, started, approval(1, 'allowed'), begun(1)];
  assert.deepEqual(kept(...going), [3, 4, 5, 7, 8]);
  assert.deepEqual(kept(...going, retry, started, approval(1, 'asked')), [3, 4, 5, 7, 8, 11], 'it was interrupted');
  assert.deepEqual(kept(...going, result(1)), [3, 4, 5, 7, 8, 9]);
  assert.deepEqual(
    stepsOf(logOf(...going, result(1))).map(({ kind, summary }) => [kind, summary]),
    [
      ['turn', 'turn 1'],
      ['approval', 'asked: run it'],
      ['call', 'call 1'],
    ],
  );
  assert.deepEqual(kept(submitted, started, turn(1), call(1), begun(1)), [3, 4, 5]);
  assert.equal(stepsOf(logOf(submitted, started, turn(1), call(1), begun(1)))[1]?.summary, 'call 1: allowed');
  assert.deepEqual(kept(...going, failed, retry, resumed(1)), [3], 'a step before it forgets the answer');
});
