import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KnownLevel, taskRows } from '../../../../webview/pages/tasks/taskRows.ts';

const levels = (...known: readonly [parentId: string | null, ids: string, total?: number][]) =>
  new Map(
    known.map(([parentId, ids, total]): [string | null, KnownLevel] => [
      parentId,
      { ids: ids.split(' '), total: total ?? ids.split(' ').length },
    ]),
  );
const short = (...args: Parameters<typeof taskRows>) =>
  taskRows(...args).map((row) =>
    row.type === 'task'
      ? `${' '.repeat(row.depth)}${row.id}${row.isOpen ? ' open' : ''}`
      : `${' '.repeat(row.depth)}more of ${row.parentId}`,
  );

const tree = levels([null, 'c b a'], ['b', 'b2 b1'], ['b2', 'x']);

test('the parts of an open task are below it, and nobody else sees them', () => {
  assert.deepEqual(short(tree, new Set()), ['c', 'b', 'a']);
  assert.deepEqual(short(tree, new Set(['b'])), ['c', 'b open', ' b2', ' b1', 'a']);
  assert.deepEqual(short(tree, new Set(['b', 'b2'])), ['c', 'b open', ' b2 open', '  x', ' b1', 'a']);
  assert.deepEqual(short(tree, new Set(['b2'])), ['c', 'b', 'a'], 'what is closed hides all');
});

test('parts that are on their way are none yet, and no level is nothing', () => {
  assert.deepEqual(short(tree, new Set(['a'])), ['c', 'b', 'a open']);
  assert.deepEqual(short(new Map(), new Set()), []);
});

test('a level of which not all is known ends with a row that says so', () => {
  const partly = levels([null, 'b a', 9], ['b', 'b2', 2]);
  assert.deepEqual(short(partly, new Set(['b'])), ['b open', ' b2', ' more of b', 'a', 'more of null']);
});

test('a chain of parts may be as long as somebody makes it', () => {
  const ids = Array.from({ length: 5000 }, (_, n) => `t${n}`);
  const chain = levels(...ids.map((id, n): [string | null, string] => [ids[n - 1] ?? null, id]));
  assert.equal(taskRows(chain, new Set(ids)).length, 5000);
});
