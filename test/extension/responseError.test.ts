import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseError } from 'vscode-jsonrpc';
import { problemOf, problemText } from '../../extension/problem.ts';
import { fromResponseError } from '../../extension/responseError.ts';
import { OspainError } from '../../protocol/errors.ts';

test('an error of the product crosses whole', () => {
  const wire = new OspainError('conflict', 'The file changed.', { hint: 'Run the task again.' }).toWire();
  const error = fromResponseError(new ResponseError(-32011, wire.message, wire));
  assert.deepEqual([error.code, error.message, error.hint], ['conflict', 'The file changed.', 'Run the task again.']);
});

test('an error without details is known by its number', () => {
  assert.equal(fromResponseError(new ResponseError(-32010, 'There is no task 9.')).code, 'not_found');
});

test('a line that broke is told as such', () => {
  assert.equal(fromResponseError(new ResponseError(-32097, 'Pending response rejected')).code, 'unavailable');
});

test('anything else is internal and keeps its cause', () => {
  const cause = new Error('boom');
  const error = fromResponseError(cause);
  assert.deepEqual([error.code, error.cause], ['internal', cause]);
});

test('a person reads message and hint', () => {
  const problem = problemOf(new OspainError('conflict', 'The file changed.', { hint: 'Run the task again.' }));
  assert.equal(problem.code, 'conflict');
  assert.equal(problemText(problem), 'The file changed. Run the task again.');
  assert.deepEqual(problemOf('odd'), { code: 'internal', message: 'odd' });
});
