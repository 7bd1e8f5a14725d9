import { oneLine } from '../../protocol/quantities.ts';
import { hasOpenPlan, waitsForReview } from '../../protocol/taskList.ts';
import type { Task } from '../../protocol/tasks.ts';
import { detailsOf, stateOf, statusWord } from '../../protocol/taskWords.ts';
import { plural, t } from '../../protocol/words.ts';
import { escapeMarkdown } from './markdown.ts';
import type { Look } from './treeItem.ts';

export function taskLook(task: Task, clock: (at: number) => string): Look {
  const label = `#${task.number} ${oneLine(task.instruction, 80)}`;
  const state = stateOf(task);
  const more = detailsOf(task).join(' · ');
  return {
    label,
    description: more === '' ? state : `${state} · ${more}`,
    icon: iconOf(task),
    tooltip: tooltipOf(task, state, clock),
    spoken: spokenOf(task, state, more),
    contextValue: `task.${task.status}${task.approval === null ? '' : '.approval'}${task.dead ? '.dead' : ''}${task.proposal === null ? '' : `.proposal.${task.proposal}`}${hasOpenPlan(task) ? '.plan' : ''}`,
  };
}

function spokenOf({ number, status, waits, instruction }: Task, state: string, more: string): string {
  const whole = waits === null ? state : `${statusWord(status)}, ${state}`;
  const said = t('Task {0}, {1}: {2}', number, whole, oneLine(instruction, 80));
  return more === '' ? said : `${said}. ${more}`;
}

function iconOf(task: Task): Look['icon'] {
  switch (task.status) {
    case 'pending':
      return { id: 'circle-outline' };
    case 'blocked':
      return { id: 'lock' };
    case 'paused':
      if (task.approval !== null) return { id: 'question', color: 'charts.yellow' };
      return { id: 'debug-pause', color: 'charts.yellow' };
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
    `**${t('Task {0}', task.number)}** · ${escapeMarkdown(task.kind)} · ${state}`,
    escapeMarkdown(oneLine(task.instruction, 400)),
  ];
  if (task.context !== null) lines.push(t('About {0}', escapeMarkdown(task.context.path)));
  if (task.result !== null) lines.push(escapeMarkdown(oneLine(task.result, 400)));
  if (task.error !== null) {
    lines.push(escapeMarkdown(task.error.message));
    if (task.error.hint !== undefined) lines.push(`*${escapeMarkdown(task.error.hint)}*`);
  }
  if (task.dead) lines.push(t('All its attempts are used: it stays as it is until you retry it.'));
  if (task.dependsOn.length > 0)
    lines.push(plural('Starts after {0} other task|Starts after {0} other tasks', task.dependsOn.length));
  const attempts = task.attempts > 1 ? ` · ${t('attempt {0} of {1}', task.attempts, task.maxAttempts)}` : '';
  const priority = task.priority > 0 ? ` · ${t('priority {0}', task.priority)}` : '';
  lines.push(
    `${t('Model {0} · submitted {1} · changed {2}', escapeMarkdown(task.model), clock(task.createdAt), clock(task.updatedAt))}${attempts}${priority}`,
  );
  return lines.join('\n\n');
}
