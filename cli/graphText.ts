import type { Dependency, Task } from '../protocol/index.ts';
import type { Screen } from './screen.ts';
import type { Level, TaskGraph } from './taskGraph.ts';
import { partsText, stateText, symbol } from './taskText.ts';
import { clip, oneLine, width } from './text.ts';

/** A line that waits to be written, and the rows below it. */
interface Row {
  /** What stands before it, and before the rows below it. */
  readonly branch: string;
  readonly below: string;
  readonly of: Task | { readonly hidden: number };
}

/** Tasks that one line names as awaited; the others are counted. */
const NAMED = 5;

/** A tree of tasks with their parts, and behind each what it waits for. */
export function graphText(graph: TaskGraph, { paint, columns }: Pick<Screen, 'paint' | 'columns'>): string {
  const line = (branch: string, task: Task): string => {
    const head = `${branch}${symbol(task.status, paint)} #${task.number} `;
    const parts = task.children.total === 0 ? '' : `, ${partsText(task)}`;
    const tail = `  ${clip(stateText(task), 60)}${parts}${awaitedText(task.dependsOn, graph)}`;
    // The symbol is one column wide, whatever its colour.
    const room = columns - width(`${branch}  #${task.number} ${tail}`) - 1;
    return (
      paint.dim(branch) +
      head.slice(branch.length) +
      clip(oneLine(task.instruction), Math.max(room, 20)) +
      paint.dim(tail)
    );
  };

  const lines: string[] = [];
  // A list and no recursion: a chain of parts may be as long as the person asks for.
  const open = rowsOf(graph.roots, null).reverse();
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    const { of, branch, below } = row;
    if ('hidden' in of) {
      lines.push(paint.dim(`${branch}… ${of.hidden} older`));
      continue;
    }
    lines.push(line(branch, of));
    const parts = graph.parts.get(of.id);
    if (parts !== undefined) open.push(...rowsOf(parts, below).reverse());
  }
  return lines.join('\n');
}

/** The rows of a level; `indent` is null for the first one, which has no branches. */
function rowsOf({ tasks, hidden }: Level, indent: string | null): Row[] {
  const rows = [...(hidden > 0 ? [{ hidden }] : []), ...tasks];
  return rows.map((of, index) => {
    if (indent === null) return { of, branch: '', below: '' };
    const last = index === rows.length - 1;
    return { of, branch: `${indent}${last ? '└─ ' : '├─ '}`, below: `${indent}${last ? '   ' : '│  '}` };
  });
}

const elses: Record<Dependency['onFailure'], string> = {
  cancel: '',
  run: ', or its failure',
  hold: ', else held',
};

function awaitedText(edges: readonly Dependency[], { tasks }: TaskGraph): string {
  const known = edges.flatMap(({ taskId, onFailure }) => {
    const task = tasks.get(taskId);
    return task === undefined ? [] : [{ number: task.number, onFailure }];
  });
  const named = known.toSorted((one, other) => one.number - other.number).slice(0, NAMED);
  if (named.length === 0) return '';
  const more = edges.length - named.length;
  const texts = named.map(({ number, onFailure }) => `#${number}${elses[onFailure]}`);
  return `  ← after ${texts.join('; ')}${more > 0 ? `; ${more} more` : ''}`;
}
