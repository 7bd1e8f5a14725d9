import type { Task } from '../../../protocol/tasks.ts';
import { detailsOf, stateOf } from '../../../protocol/taskWords.ts';

/** How a task stands, in a line; what it failed with is said below it. */
export const stateWords = (task: Task): string =>
  [stateOf(task), ...(task.error === null ? detailsOf(task) : [])].join(' · ');
