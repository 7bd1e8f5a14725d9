import { oneLine } from '../protocol/quantities.ts';
import { canRetry, hasOpenPlan, isEnded, waitsForReview } from '../protocol/taskList.ts';
import type { Task } from '../protocol/tasks.ts';
import { proposalWord, statusWord } from '../protocol/taskWords.ts';
import { t } from '../protocol/words.ts';

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

const show = (): Action => ({ title: t('Show Task'), command: 'ospain2.task.open', fits: () => true });
const review = (): Action => ({
  title: t('Review'),
  command: 'ospain2.proposal.review',
  fits: ({ proposal }) => proposal !== null,
});
const accept = (): Action => ({ title: t('Accept'), command: 'ospain2.proposal.accept', fits: waitsForReview });
export const undo = (): Action => ({
  title: t('Undo'),
  command: 'ospain2.proposal.undo',
  fits: ({ proposal }) => proposal === 'accepted',
});
const plan = (): Action => ({ title: t('Open Plan'), command: 'ospain2.plan.open', fits: hasOpenPlan });
const retry = (): Action => ({ title: t('Retry'), command: 'ospain2.task.retry', fits: canRetry });

/** What to tell the person about a task that has ended; undefined while it has not, or when they ended it themselves. */
export function endNotice(task: Task): Notice | undefined {
  if (!isEnded(task) || task.status === 'cancelled') return undefined;
  const { number } = task;
  if (task.status === 'failed') {
    const { message, hint } = task.error ?? { message: t('It did not say why.'), hint: undefined };
    const text = t('Task {0} failed. {1}', number, hint === undefined ? message : `${message} ${hint}`);
    // What the model was never taught fails the same way again.
    return { severity: 'error', text, actions: task.error?.code === 'not_taught' ? [show()] : [show(), retry()] };
  }
  const result = oneLine(task.result ?? '', 200);
  const told = (what: string, actions: readonly Action[]): Notice => ({
    severity: 'info',
    text: result === '' ? `${what}.` : `${what}: ${result}`,
    actions,
  });
  if (waitsForReview(task)) return told(t('Task {0} proposes a change', number), [review(), accept()]);
  if (task.proposal === 'accepted') return told(t('Task {0} changed files', number), [review(), undo()]);
  if (hasOpenPlan(task)) return told(t('Task {0} made a plan', number), [plan()]);
  return told(t('Task {0} is done', number), [show()]);
}

/** What to tell a person who pressed a button that no longer fits. */
export function lateNotice({ number, status, proposal }: Task): Notice {
  if (proposal === null || proposal === 'open')
    return { severity: 'info', text: t('Task {0} is {1} now.', number, statusWord(status)), actions: [show()] };
  const actions = proposal === 'accepted' ? [review(), undo()] : [review()];
  return {
    severity: 'info',
    text: t('The change of task {0} was {1} already.', number, proposalWord(proposal)),
    actions,
  };
}
