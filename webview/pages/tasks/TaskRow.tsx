import { RelativeTime } from '../../components/RelativeTime.tsx';
import { TaskStatus, taskStatusWord } from '../../components/TaskStatus.tsx';
import type { RowFocus } from '../../components/VirtualList.tsx';
import { useHub, useTask } from '../../stores/hub.ts';

/** One task in a line. */
export function TaskRow({ id, focus }: { readonly id: string; readonly focus: RowFocus }) {
  const { home } = useHub();
  const task = useTask(id);
  if (task === undefined) return null;
  const run = home.run;
  return (
    <button
      type="button"
      {...focus}
      onClick={() => run?.('ospain2.task.open', id)}
      className="flex h-full w-full items-center gap-2.5 px-4 text-left hover:bg-hover"
    >
      <TaskStatus task={task} />
      <span className="min-w-8 shrink-0 text-right text-muted tabular-nums">{task.number}</span>
      <span className="min-w-0 flex-1 truncate">{task.instruction}</span>
      <span className="hidden max-w-64 shrink-0 truncate text-muted narrow:block">
        {task.progress ?? taskStatusWord(task)}
      </span>
      <span className="hidden w-24 shrink-0 text-right wide:block">
        <RelativeTime at={task.createdAt} />
      </span>
    </button>
  );
}
