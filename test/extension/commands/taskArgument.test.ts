import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathOf, selectedIds, taskIdOf } from '../../../extension/commands/taskArgument.ts';
import { proposalUriParts } from '../../../extension/views/proposalUri.ts';

test('a task is meant by id, number, row or the Uri of a proposal', () => {
  assert.equal(taskIdOf('3f'), '3f');
  assert.equal(taskIdOf(7), '7');
  assert.equal(taskIdOf({ type: 'task', taskId: '3f' }), '3f');
  assert.equal(taskIdOf(proposalUriParts({ taskId: '3f', side: 'after', path: 'a.ts' })), '3f');
});

test('anything else means none', () => {
  for (const argument of [undefined, null, '', true, {}, { scheme: 'file', path: '/a', query: '' }])
    assert.equal(taskIdOf(argument), undefined);
});

test('a row of a file means that file, a Uri the whole task', () => {
  assert.equal(pathOf({ type: 'file', taskId: '3f', path: 'src/a.ts' }), 'src/a.ts');
  assert.equal(pathOf(proposalUriParts({ taskId: '3f', side: 'after', path: 'a.ts' })), undefined);
  assert.equal(pathOf('3f'), undefined);
});

test('a selection means its tasks, each once, and else the argument does', () => {
  const row = (taskId: string, type = 'task') => ({ type, taskId });
  const selection = [row('a'), row('b'), row('a', 'step'), row('c', 'dependency'), row('a')];
  assert.deepEqual(selectedIds(row('a'), selection), ['a', 'b']);
  assert.deepEqual(selectedIds(row('a', 'file'), [row('a', 'file')]), ['a']);
  assert.deepEqual(selectedIds(7, undefined), ['7']);
  assert.deepEqual(selectedIds(undefined, []), []);
});
