import { oneLine } from '../protocol/quantities.ts';
import { canRetry, hasOpenPlan, isEnded, waitsForReview } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';

/** A button with the command that it runs; the task's id is the argument. */
export interface Action {
  readonly title: string;
  readonly command: string;
  /** Whether it still makes sense. VS Code lets nobody take a message back, so a button may be pressed hours later. */
  fits(task: Task): boolean;
}

export interface Notice {
  readonly severity: 'info' | 'error';
  readonly text: string;
  readonly actions: readonly Action[];
}

const SHOW: Action = { title: 'Show Task', command: 'ospain2.task.open', fits: () => true };
const REVIEW: Action = {
  title: 'Review',
  command: 'ospain2.proposal.review',
  fits: ({ proposal }) => proposal !== null,
};
const ACCEPT: Action = { title: 'Accept', command: 'ospain2.proposal.accept', fits: waitsForReview };
export const UNDO: Action = {
  title: 'Undo',
  command: 'ospain2.proposal.undo',
  fits: ({ proposal }) => proposal === 'accepted',
};
const PLAN: Action = { title: 'Open Plan', command: 'ospain2.plan.open', fits: hasOpenPlan };
const RETRY: Action = { title: 'Retry', command: 'ospain2.task.retry', fits: canRetry };

/** What to tell the person about a task that has ended; undefined while it has not, or when they ended it themselves. */
export function endNotice(task: Task): Notice | undefined {
  if (!isEnded(task) || task.status === 'cancelled') return undefined;
  const name = `Task ${task.number}`;
  if (task.status === 'failed') {
    const { message, hint } = task.error ?? { message: 'It did not say why.', hint: undefined };
    const text = `${name} failed. ${message}${hint === undefined ? '' : ` ${hint}`}`;
    // What the model was never taught fails the same way again.
    return { severity: 'error', text, actions: task.error?.code === 'not_taught' ? [SHOW] : [SHOW, RETRY] };
  }
  const result = oneLine(task.result ?? '', 200);
  const told = (state: string) => (result === '' ? `${name} ${state}.` : `${name} ${state}: ${result}`);
  if (waitsForReview(task)) return { severity: 'info', text: told('proposes a change'), actions: [REVIEW, ACCEPT] };
  if (task.proposal === 'accepted') return { severity: 'info', text: told('changed files'), actions: [REVIEW, UNDO] };
  if (hasOpenPlan(task)) return { severity: 'info', text: told('made a plan'), actions: [PLAN] };
  return { severity: 'info', text: told('is done'), actions: [SHOW] };
}

/** What to tell a person who pressed a button that no longer fits. */
export function lateNotice({ number, status, proposal }: Task): Notice {
  if (proposal === null || proposal === 'open')
    return { severity: 'info', text: `Task ${number} is ${status} now.`, actions: [SHOW] };
  const actions = proposal === 'accepted' ? [REVIEW, UNDO] : [REVIEW];
  return { severity: 'info', text: `The change of task ${number} was ${proposal} already.`, actions };
}
