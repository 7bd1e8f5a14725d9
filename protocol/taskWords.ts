import { oneLine } from './quantities.ts';
import { hasOpenPlan } from './taskList.ts';
import type { OnFailure, Task } from './tasks.ts';
import { plural, t } from './words.ts';

const STATUSES: Readonly<Record<Task['status'], () => string>> = {
  pending: () => t('pending'),
  blocked: () => t('blocked'),
  delayed: () => t('delayed'),
  paused: () => t('paused'),
  running: () => t('running'),
  done: () => t('done'),
  failed: () => t('failed'),
  cancelled: () => t('cancelled'),
};

/** A status as it is called. */
export const statusWord = (status: Task['status']): string => STATUSES[status]();

const PROPOSALS: Readonly<Record<NonNullable<Task['proposal']>, () => string>> = {
  open: () => t('to review'),
  accepted: () => t('accepted'),
  rejected: () => t('rejected'),
  undone: () => t('undone'),
};

/** What became of a proposal, in a word or two. */
export const proposalWord = (proposal: NonNullable<Task['proposal']>): string => PROPOSALS[proposal]();

/** The state of a task in a few words; of one that waits, why. */
export function stateOf(task: Task): string {
  if (task.waits !== null) return oneLine(task.waits, 120);
  switch (task.status) {
    case 'pending':
      return t('waiting');
    case 'failed':
      return task.dead ? t('dead letter') : t('failed');
    case 'done':
      if (hasOpenPlan(task)) return t('to start');
      return task.proposal === null ? t('done') : proposalWord(task.proposal);
    default:
      return statusWord(task.status);
  }
}

/** What else of a task is worth a glance, each in a few words. */
export function detailsOf({ status, attempts, maxAttempts, children, progress, result, error }: Task): string[] {
  const parts =
    children.total === 0 ? '' : plural('{1} of {0} part ended|{1} of {0} parts ended', children.total, children.ended);
  const attempt = status === 'running' && attempts > 1 ? t('attempt {0} of {1}', attempts, maxAttempts) : '';
  return [attempt, parts, told()].filter((text) => text !== '');

  function told(): string {
    if (status === 'running') return oneLine(progress ?? '', 80);
    if (status === 'done') return oneLine(result ?? '', 80);
    return status === 'failed' || status === 'delayed' ? oneLine(error?.message ?? '', 80) : '';
  }
}

const ELSE: Readonly<Record<OnFailure, () => string>> = {
  cancel: () => t('cancels this task if it fails'),
  run: () => t('needs to end, well or not'),
  hold: () => t('holds this task if it fails'),
};

/** What a task that another one waits for does to that one, in words. */
export const elseWord = (onFailure: OnFailure): string => ELSE[onFailure]();
