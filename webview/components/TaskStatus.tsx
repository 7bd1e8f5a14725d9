import type { Task } from '../../protocol/tasks.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { t } from '../words.ts';

type Look = readonly [icon: IconName, color: string, word: () => string];

const looks: Readonly<Record<Task['status'], Look>> = {
  pending: ['circle', 'text-muted', () => t('waits for a worker')],
  blocked: ['dashed', 'text-muted', () => t('waits for other tasks')],
  delayed: ['schedules', 'text-muted', () => t('waits for its time')],
  paused: ['pause', 'text-warning', () => t('paused')],
  running: ['spinner', 'text-busy motion:animate-spin', () => t('running')],
  done: ['done', 'text-good', () => t('done')],
  failed: ['error', 'text-danger', () => t('failed')],
  cancelled: ['blocked', 'text-muted', () => t('cancelled')],
};

/** A task's status in a word; what waits for the person is said as that. */
export function taskStatusWord({ status, approval, proposal }: Pick<Task, 'status' | 'approval' | 'proposal'>): string {
  if (approval !== null) return t('asks you');
  if (status === 'done' && proposal === 'open') return t('to review');
  return looks[status][2]();
}

/** The same as a sign, for the beginning of a row. */
export function TaskStatus({ task }: { readonly task: Pick<Task, 'status' | 'approval' | 'proposal'> }) {
  const [icon, color] = task.approval === null ? looks[task.status] : (['question', 'text-warning'] as const);
  return (
    <span className="inline-flex" title={taskStatusWord(task)}>
      <Icon name={icon} className={color} />
      <span className="sr-only">{taskStatusWord(task)}</span>
    </span>
  );
}
