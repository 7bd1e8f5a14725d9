import { counted, oneLine } from './quantities.ts';
import { hasOpenPlan } from './taskList.ts';
import type { OnFailure, Task } from './tasks.ts';

/** The state of a task in a few words; of one that waits, why. */
export function stateOf(task: Task): string {
  if (task.waits !== null) return oneLine(task.waits, 120);
  switch (task.status) {
    case 'pending':
      return 'waiting';
    case 'failed':
      return task.dead ? 'dead letter' : 'failed';
    case 'done':
      if (hasOpenPlan(task)) return 'to start';
      if (task.proposal === null) return 'done';
      return task.proposal === 'open' ? 'to review' : task.proposal;
    default:
      return task.status;
  }
}

/** What else of a task is worth a glance, each in a few words. */
export function detailsOf({ status, attempts, maxAttempts, children, progress, result, error }: Task): string[] {
  const parts = children.total === 0 ? '' : `${children.ended} of ${counted(children.total, 'part')} ended`;
  const attempt = status === 'running' && attempts > 1 ? `attempt ${attempts} of ${maxAttempts}` : '';
  return [attempt, parts, told()].filter((text) => text !== '');

  function told(): string {
    if (status === 'running') return oneLine(progress ?? '', 80);
    if (status === 'done') return oneLine(result ?? '', 80);
    return status === 'failed' || status === 'delayed' ? oneLine(error?.message ?? '', 80) : '';
  }
}

/** What a task that another one waits for does to that one, in words. */
export const elseWords: Readonly<Record<OnFailure, string>> = {
  cancel: 'cancels this task if it fails',
  run: 'needs to end, well or not',
  hold: 'holds this task if it fails',
};
