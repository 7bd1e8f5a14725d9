import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusText } from '../../extension/statusText.ts';
import { taskWith } from './task.ts';

const running = { name: 'running' } as const;
const textOf = (...tasks: Parameters<typeof taskWith>[0][]) => statusText(running, tasks.map(taskWith), [], false).text;

test('what runs, then what waits for the person, then nothing', () => {
  const review = { status: 'done', proposal: 'open' } as const;
  assert.equal(textOf({ status: 'running' }, { status: 'running' }, review), '$(sync~spin) OSPAiN2: 2 running');
  assert.equal(textOf({ status: 'pending' }), '$(sync~spin) OSPAiN2: 1 waiting');
  assert.equal(textOf({ status: 'blocked' }, { status: 'paused' }), '$(sync~spin) OSPAiN2: 1 waiting');
  assert.equal(textOf(review), '$(git-pull-request) OSPAiN2: 1 to review');
  assert.equal(textOf({ status: 'done' }, { status: 'failed' }), '$(circle-outline) OSPAiN2');
});

test('a failed server comes before all else, in words too', () => {
  const problem = { code: 'key_wrong', message: 'The key does not fit.' };
  const look = statusText({ name: 'failed', problem }, [taskWith({ status: 'running' })], [], false);
  assert.equal(look.text, '$(error) OSPAiN2');
  assert.equal(look.failed, true);
  assert.match(look.spoken, /cannot work: The key does not fit\./);
});

test('a warning is seen when nothing else is to tell, and is in the tooltip always', () => {
  const warnings = ['The key is in a file.'];
  assert.equal(statusText(running, [], warnings, false).text, '$(warning) OSPAiN2');
  const busy = statusText(running, [taskWith({ status: 'running' })], warnings, false);
  assert.equal(busy.tooltip, 'OSPAiN2: 1 task running; The key is in a file.');
});

test('a server on its way', () => {
  assert.equal(statusText({ name: 'waiting', delayMs: 5 }, [], [], false).text, '$(loading~spin) OSPAiN2');
  assert.equal(statusText({ name: 'off' }, [], [], false).text, '$(circle-outline) OSPAiN2');
});

test('a lock is seen before all else that a server says, and says nothing of tasks', () => {
  const look = statusText(running, [taskWith({ status: 'running' })], [], true, 'locked');
  assert.equal(look.text, '$(lock) OSPAiN2: locked');
  assert.doesNotMatch(look.spoken, /task/);
  assert.equal(statusText(running, [], [], false, 'missing').failed, true);
});

test('a paused queue is seen, except while a task runs to its end', () => {
  const tasks = [taskWith({ number: 1 }), taskWith({ number: 2, status: 'running' })];
  const look = statusText(running, tasks.slice(0, 1), [], true);
  assert.equal(look.text, '$(debug-pause) OSPAiN2: queue paused');
  assert.equal(look.spoken, 'OSPAiN2: the queue is paused; 1 task waiting');
  const busy = statusText(running, tasks, [], true);
  assert.equal(busy.text, '$(sync~spin) OSPAiN2: 1 running');
  assert.match(busy.tooltip, /the queue is paused/);
});
