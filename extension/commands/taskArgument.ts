import { proposalSide } from '../views/proposalUri.ts';

/**
 * The task that a command's argument means: its id or number, a row of a tree, an object with `taskId`, or the Uri of a
 * proposal's file. Undefined when it means none.
 */
export function taskIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string' && argument !== '') return argument;
  if (typeof argument === 'number') return String(argument);
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { taskId, scheme, path, query } = argument as Record<string, unknown>;
  if (typeof taskId === 'string') return taskId;
  if (typeof scheme !== 'string' || typeof path !== 'string' || typeof query !== 'string') return undefined;
  return proposalSide({ scheme, path, query })?.taskId;
}

/** The file that a row of a tree means, or undefined: the whole task. */
export function pathOf(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { taskId, path } = argument as Record<string, unknown>;
  return typeof taskId === 'string' && typeof path === 'string' ? path : undefined;
}

/** The tasks of a selection of rows, such as VS Code hands to a command beside the row that was clicked; else the argument's. */
export function selectedIds(argument: unknown, selection: unknown): readonly string[] {
  const rows: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const ids = rows.filter(isTaskRow).flatMap((row) => taskIdOf(row) ?? []);
  if (ids.length > 0) return [...new Set(ids)];
  const id = taskIdOf(argument);
  return id === undefined ? [] : [id];
}

const isTaskRow = (row: unknown): boolean =>
  typeof row === 'object' && row !== null && (row as { type?: unknown }).type === 'task';
