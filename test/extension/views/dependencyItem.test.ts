import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dependencyLook } from '../../../extension/views/dependencyItem.ts';
import { taskWith } from '../task.ts';

test('a row says what is waited for, how it is, and what becomes of the one that waits', () => {
  const look = dependencyLook(taskWith({ number: 3, status: 'running', instruction: 'Build it\nnow' }), 'hold');
  assert.equal(look.label, 'after #3 Build it');
  assert.equal(look.description, 'running · holds this task if it fails');
  assert.equal(look.spoken, 'Starts after task 3, running: Build it. It holds this task if it fails');
  assert.equal(look.icon.id, 'arrow-up');
  assert.equal(look.contextValue, 'dependency');
  assert.equal(dependencyLook(taskWith({ status: 'done' }), 'cancel').icon.id, 'pass');
  assert.match(
    dependencyLook(taskWith({ status: 'failed', dead: true }), 'run').description,
    /^dead letter · needs to end/,
  );
});
