import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endNotice, lateNotice } from '../../extension/taskEnd.ts';
import { taskWith } from './task.ts';

const titles = (notice: ReturnType<typeof endNotice>) => notice?.actions.map(({ title }) => title);

test('a proposal offers review and acceptance', () => {
  const notice = endNotice(taskWith({ status: 'done', proposal: 'open', result: 'Changed MAX.' }));
  assert.equal(notice?.text, 'Task 1 proposes a change: Changed MAX.');
  assert.deepEqual(titles(notice), ['Review', 'Accept']);
});

test('what was accepted by itself offers to be undone', () => {
  assert.deepEqual(titles(endNotice(taskWith({ status: 'done', proposal: 'accepted' }))), ['Review', 'Undo']);
});

test('a failure tells its reason and what to do', () => {
  const error = { code: 'worker_failed', message: 'The worker ended.', hint: 'Try again.' } as const;
  const notice = endNotice(taskWith({ status: 'failed', error }));
  assert.deepEqual([notice?.severity, notice?.text], ['error', 'Task 1 failed. The worker ended. Try again.']);
  assert.deepEqual(titles(notice), ['Show Task', 'Retry']);
});

test('what the model was not taught is not offered again', () => {
  const error = { code: 'not_taught', message: 'Not taught.' } as const;
  assert.deepEqual(titles(endNotice(taskWith({ status: 'failed', error }))), ['Show Task']);
});

test('nothing is said of a task that runs or was cancelled', () => {
  assert.equal(endNotice(taskWith({ status: 'running' })), undefined);
  assert.equal(endNotice(taskWith({ status: 'cancelled' })), undefined);
});

test('a button fits as long as what it does can be done', () => {
  const proposed = taskWith({ status: 'done', proposal: 'open' });
  const fitting = (notice: typeof proposed, now: typeof proposed) =>
    endNotice(notice)
      ?.actions.filter(({ fits }) => fits(now))
      .map(({ title }) => title);
  assert.deepEqual(fitting(proposed, proposed), ['Review', 'Accept']);
  for (const proposal of ['accepted', 'rejected', 'undone'] as const)
    assert.deepEqual(fitting(proposed, taskWith({ status: 'done', proposal })), ['Review']);
  const accepted = taskWith({ status: 'done', proposal: 'accepted' });
  assert.deepEqual(fitting(accepted, taskWith({ status: 'done', proposal: 'undone' })), ['Review']);
  const failed = taskWith({ status: 'failed' });
  assert.deepEqual(fitting(failed, failed), ['Show Task', 'Retry']);
  assert.deepEqual(fitting(failed, taskWith({ status: 'running' })), ['Show Task']);
});

test('whoever presses one too late is told how the task is, with what can be done', () => {
  const late = lateNotice(taskWith({ status: 'done', proposal: 'accepted' }));
  assert.equal(late.text, 'The change of task 1 was accepted already.');
  assert.deepEqual(titles(late), ['Review', 'Undo']);
  assert.deepEqual(titles(lateNotice(taskWith({ status: 'done', proposal: 'undone' }))), ['Review']);
  const running = lateNotice(taskWith({ status: 'running' }));
  assert.deepEqual([running.text, titles(running)], ['Task 1 is running now.', ['Show Task']]);
});
