import type { Task } from '../../../protocol/tasks.ts';

/** The fill of what stands for a task's status in a drawing; the status is in words beside it. */
export function statusColor({ status, approval }: Pick<Task, 'status' | 'approval'>): string {
  if (approval !== null) return 'fill-warning';
  switch (status) {
    case 'running':
      return 'fill-busy';
    case 'done':
      return 'fill-good';
    case 'failed':
      return 'fill-danger';
    case 'paused':
      return 'fill-warning';
    default:
      return 'fill-muted';
  }
}
