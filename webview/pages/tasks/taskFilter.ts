import type { Params } from '../../../protocol/methods.ts';
import { hasOpenPlan, waitsForReview } from '../../../protocol/taskList.ts';
import type { Task, TaskKind, TaskStatus } from '../../../protocol/tasks.ts';

/** What a person wants to see of the tasks; all of them as a tree when they want nothing in particular. */
export interface TaskFilter {
  readonly show: 'all' | 'forPerson' | 'active' | 'done' | 'failed' | 'cancelled';
  readonly kind: TaskKind | 'any';
  readonly text: string;
}

export const everything: TaskFilter = { show: 'all', kind: 'any', text: '' };

export const isEverything = ({ show, kind, text }: TaskFilter): boolean =>
  show === 'all' && kind === 'any' && text.trim() === '';

const statuses: Readonly<Partial<Record<TaskFilter['show'], readonly TaskStatus[]>>> = {
  active: ['running', 'pending', 'delayed', 'blocked', 'paused'],
  done: ['done'],
  failed: ['failed'],
  cancelled: ['cancelled'],
};

/** The same as the server is asked for it. */
export function searchOf({ show, kind, text }: TaskFilter): Params<'task/search'> {
  const status = statuses[show];
  return {
    text: text.trim(),
    forPerson: show === 'forPerson',
    ...(status === undefined ? {} : { status: [...status] }),
    ...(kind === 'any' ? {} : { kind: [kind] }),
  };
}

/** Whether a task is one of those; the server says it of those that it is asked for. */
export function fits(task: Task, { show, kind, text }: TaskFilter): boolean {
  if (kind !== 'any' && task.kind !== kind) return false;
  if (!task.instruction.toLowerCase().includes(text.trim().toLowerCase())) return false;
  if (show === 'forPerson') return task.approval !== null || waitsForReview(task) || hasOpenPlan(task);
  return statuses[show]?.includes(task.status) ?? true;
}
