import type { Task } from '../../protocol/tasks.ts';
import { waitsForReview } from '../taskList.ts';
import { escapeMarkdown } from './markdown.ts';
import { counted, oneLine } from './quantities.ts';
import type { Look } from './treeItem.ts';

export function taskLook(task: Task, clock: (at: number) => string): Look {
  const label = `#${task.number} ${oneLine(task.instruction, 80)}`;
  const state = stateOf(task);
  const more = detailOf(task);
  return {
    label,
    description: more === '' ? state : `${state} · ${more}`,
    icon: iconOf(task),
    tooltip: tooltipOf(task, state, clock),
    spoken: `Task ${task.number}, ${state}: ${oneLine(task.instruction, 80)}${more === '' ? '' : `. ${more}`}`,
    contextValue: `task.${task.status}${task.proposal === null ? '' : `.proposal.${task.proposal}`}`,
  };
}

/** The state in one or two words. */
function stateOf(task: Task): string {
  switch (task.status) {
    case 'pending':
      return 'waiting';
    case 'delayed':
      return 'will try again';
    case 'done':
      if (task.proposal === null) return 'done';
      return task.proposal === 'open' ? 'to review' : task.proposal;
    default:
      return task.status;
  }
}

function detailOf({ status, progress, result, error }: Task): string {
  if (status === 'running') return oneLine(progress ?? '', 80);
  if (status === 'done') return oneLine(result ?? '', 80);
  if (status === 'failed' || status === 'delayed') return oneLine(error?.message ?? '', 80);
  return '';
}

function iconOf(task: Task): Look['icon'] {
  switch (task.status) {
    case 'pending':
      return { id: 'circle-outline' };
    case 'delayed':
      return { id: 'clock' };
    case 'running':
      return { id: 'sync~spin', color: 'charts.blue' };
    case 'failed':
      return { id: 'error', color: 'testing.iconFailed' };
    case 'cancelled':
      return { id: 'circle-slash' };
    case 'done':
      if (waitsForReview(task)) return { id: 'git-pull-request', color: 'charts.yellow' };
      if (task.proposal === 'rejected') return { id: 'close' };
      return task.proposal === 'undone' ? { id: 'discard' } : { id: 'pass-filled', color: 'testing.iconPassed' };
  }
}

function tooltipOf(task: Task, state: string, clock: (at: number) => string): string {
  const lines = [
    `**Task ${task.number}** · ${escapeMarkdown(task.kind)} · ${state}`,
    escapeMarkdown(oneLine(task.instruction, 400)),
  ];
  if (task.context !== null) lines.push(`About ${escapeMarkdown(task.context.path)}`);
  if (task.result !== null) lines.push(escapeMarkdown(oneLine(task.result, 400)));
  if (task.error !== null) {
    lines.push(escapeMarkdown(task.error.message));
    if (task.error.hint !== undefined) lines.push(`*${escapeMarkdown(task.error.hint)}*`);
  }
  const attempts = task.attempts > 1 ? ` · ${counted(task.attempts, 'attempt')}` : '';
  lines.push(
    `Model ${escapeMarkdown(task.model)} · submitted ${clock(task.createdAt)} · changed ${clock(task.updatedAt)}${attempts}`,
  );
  return lines.join('\n\n');
}
