import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastSteps } from '../../../extension/views/taskSteps.ts';
import type { TaskEvent } from '../../../protocol/events.ts';

const call = (seq: number, summary: string): TaskEvent => ({
  taskId: 't',
  seq,
  at: 0,
  type: 'call',
  data: { turn: seq, tool: 'x', summary },
});
const result = (seq: number, ok: boolean, text: string): TaskEvent => ({
  taskId: 't',
  seq,
  at: 0,
  type: 'result',
  data: { turn: seq, ok, text },
});

test('each call is shown with how it went, the newest last', () => {
  const events = [
    call(1, 'read a'),
    result(2, true, 'content'),
    call(3, 'edit a'),
    result(4, false, 'not found\nmore'),
    call(5, 'read b'),
  ];
  assert.deepEqual(
    lastSteps(events, 5).map(({ label, icon, description, spoken }) => [label, icon, description, spoken]),
    [
      ['read a', 'check', '', 'read a, worked'],
      ['edit a', 'warning', 'not found', 'edit a, did not work: not found'],
      ['read b', 'circle-outline', '', 'read b, under way'],
    ],
  );
  assert.deepEqual(
    lastSteps(events, 1).map(({ label }) => label),
    ['read b'],
  );
});

test('a result whose call is out of sight is passed over', () => {
  assert.deepEqual(lastSteps([result(7, true, '')], 5), []);
});

test('the call that ends a task went as the task did', () => {
  const end = (type: 'done' | 'failed'): TaskEvent =>
    type === 'done'
      ? { taskId: 't', seq: 2, at: 0, type, data: { text: '' } }
      : { taskId: 't', seq: 2, at: 0, type, data: { error: { code: 'task_failed', message: 'No.' } } };
  assert.equal(lastSteps([call(1, 'finish'), end('done')], 5)[0]?.icon, 'check');
  assert.equal(lastSteps([call(1, 'finish'), end('failed')], 5)[0]?.icon, 'warning');
});

test('an attempt that broke off leaves no call under way', () => {
  const error = { code: 'worker_failed', message: 'The worker ended.' } as const;
  const retry: TaskEvent = { taskId: 't', seq: 2, at: 0, type: 'retry', data: { attempt: 1, error, delayMs: 1 } };
  assert.deepEqual(
    lastSteps([call(1, 'read a'), retry], 5).map(({ label, icon }) => [label, icon]),
    [
      ['read a', 'warning'],
      ['Attempt 1 ended', 'warning'],
    ],
  );
});
