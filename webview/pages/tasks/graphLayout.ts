import type { OnFailure, Task } from '../../../protocol/tasks.ts';

/** A task of the graph: its column is how many tasks at most come before it, one after another. */
export interface GraphNode {
  readonly task: Task;
  readonly column: number;
  readonly row: number;
}

/** `to` waits for `from`. */
export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly onFailure: OnFailure;
}

export interface GraphLayout {
  /** From left to right, and in each column from top to bottom. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly columns: number;
  readonly rows: number;
}

/**
 * Places tasks by what they wait for. Edges lead to smaller numbers only, so there is no circle. Within a column a task
 * stands near those that it waits for, as their mean says: few edges cross.
 */
export function graphLayout(tasks: readonly Task[]): GraphLayout {
  const inOrder = tasks.toSorted((one, other) => one.number - other.number);
  const known = new Set(inOrder.map(({ id }) => id));
  const awaited = ({ dependsOn }: Task) => dependsOn.filter(({ taskId }) => known.has(taskId));
  const columnOf = new Map<string, number>();
  for (const task of inOrder)
    columnOf.set(task.id, Math.max(-1, ...awaited(task).map(({ taskId }) => columnOf.get(taskId) ?? -1)) + 1);

  const columns = new Map<number, Task[]>();
  for (const task of inOrder) {
    const column = columnOf.get(task.id) ?? 0;
    columns.set(column, [...(columns.get(column) ?? []), task]);
  }
  const placed = new Map<string, GraphNode>();
  for (const [column, members] of [...columns].toSorted(([one], [other]) => one - other)) {
    const wish = (task: Task) => {
      const rows = awaited(task).map(({ taskId }) => placed.get(taskId)?.row ?? 0);
      return rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + row, 0) / rows.length;
    };
    const wishes = new Map(members.map((task) => [task, wish(task)]));
    const sorted = members.toSorted((one, other) => (wishes.get(one) ?? 0) - (wishes.get(other) ?? 0));
    for (const [row, task] of sorted.entries()) placed.set(task.id, { task, column, row });
  }
  const nodes = [...placed.values()];
  const edges = nodes.flatMap((to) =>
    awaited(to.task).flatMap(({ taskId, onFailure }) => {
      const from = placed.get(taskId);
      return from === undefined ? [] : [{ from, to, onFailure }];
    }),
  );
  const rows = Math.max(0, ...[...columns.values()].map(({ length }) => length));
  return { nodes, edges, columns: columns.size, rows };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Where an arrow key leads from a task: along an edge to the sides, else to the nearest of that column; undefined at the end. */
export function neighbourOf(
  { nodes, edges }: GraphLayout,
  node: GraphNode,
  direction: Direction,
): GraphNode | undefined {
  const near = (among: readonly GraphNode[]) =>
    among.toSorted((one, other) => Math.abs(one.row - node.row) - Math.abs(other.row - node.row))[0];
  if (direction === 'up' || direction === 'down') {
    const row = node.row + (direction === 'up' ? -1 : 1);
    return nodes.find((other) => other.column === node.column && other.row === row);
  }
  const column = node.column + (direction === 'left' ? -1 : 1);
  const along =
    direction === 'left'
      ? edges.filter(({ to }) => to === node).map(({ from }) => from)
      : edges.filter(({ from }) => from === node).map(({ to }) => to);
  return near(along) ?? near(nodes.filter((other) => other.column === column));
}
