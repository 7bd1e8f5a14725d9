import assert from 'node:assert/strict';
import { test } from 'node:test';
import { graphLayout, neighbourOf } from '../../../../webview/pages/tasks/graphLayout.ts';
import { taskWith } from '../../../extension/task.ts';

const task = (number: number, ...after: readonly number[]) =>
  taskWith({ number, dependsOn: after.map((other) => ({ taskId: `id-${other}`, onFailure: 'cancel' as const })) });
const places = (...tasks: Parameters<typeof graphLayout>[0]) =>
  Object.fromEntries(graphLayout(tasks).nodes.map((node) => [node.task.number, [node.column, node.row]]));

test('a task stands behind all that it waits for', () => {
  assert.deepEqual(places(task(1), task(2), task(3, 1), task(4, 1, 3)), {
    1: [0, 0],
    2: [0, 1],
    3: [1, 0],
    4: [2, 0],
  });
});

test('the order in which tasks are given does not matter', () => {
  const tasks = [task(1), task(2, 1), task(3, 2), task(4, 1)];
  assert.deepEqual(places(...tasks.toReversed()), places(...tasks));
});

test('tasks stand near those that they wait for', () => {
  assert.deepEqual(places(task(1), task(2), task(3, 2), task(4, 1)), {
    1: [0, 0],
    2: [0, 1],
    3: [1, 1],
    4: [1, 0],
  });
});

test('edges to tasks that are not shown are left out', () => {
  const { edges, columns, rows } = graphLayout([task(5, 1), task(6, 5)]);
  assert.deepEqual(
    edges.map(({ from, to }) => [from.task.number, to.task.number]),
    [[5, 6]],
  );
  assert.deepEqual([columns, rows], [2, 1]);
  assert.deepEqual(graphLayout([]), { nodes: [], edges: [], columns: 0, rows: 0 });
});

test('arrow keys follow the edges, and reach every task', () => {
  const layout = graphLayout([task(1), task(2), task(3), task(4, 3), task(5, 1)]);
  const node = (number: number) => {
    const found = layout.nodes.find((one) => one.task.number === number);
    assert.ok(found);
    return found;
  };
  const go = (number: number, direction: Parameters<typeof neighbourOf>[2]) =>
    neighbourOf(layout, node(number), direction)?.task.number;
  assert.equal(go(3, 'right'), 4);
  assert.equal(go(4, 'left'), 3);
  assert.equal(go(1, 'right'), 5);
  assert.equal(go(2, 'right'), 4, 'without an edge to the nearest');
  assert.equal(go(1, 'down'), 2);
  assert.equal(go(2, 'up'), 1);
  assert.equal(go(1, 'up'), undefined);
  assert.equal(go(5, 'right'), undefined);
});
