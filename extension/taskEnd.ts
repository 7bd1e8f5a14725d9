import type { Task } from '../protocol/tasks.ts';
import { isEnded, waitsForReview } from './taskList.ts';
import { oneLine } from './views/quantities.ts';

export interface Notice {
  readonly severity: 'info' | 'error';
  readonly text: string;
  /** Buttons with the command that each runs; the task's id is the argument. */
  readonly actions: readonly { readonly title: string; readonly command: string }[];
}

const SHOW = { title: 'Show Task', command: 'ospain2.task.open' };
const REVIEW = { title: 'Review', command: 'ospain2.proposal.review' };
const ACCEPT = { title: 'Accept', command: 'ospain2.proposal.accept' };
const UNDO = { title: 'Undo', command: 'ospain2.proposal.undo' };
const RETRY = { title: 'Retry', command: 'ospain2.task.retry' };

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
  return { severity: 'info', text: told('is done'), actions: [SHOW] };
}
