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
