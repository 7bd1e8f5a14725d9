import { useEffect, useMemo, useState } from 'react';
import { hasOpenPlan } from '../../../protocol/taskList.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { Problem } from '../../components/Problem.tsx';
import { useHub, useTask } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Spinner } from '../../ui/Spinner.tsx';
import { type Tab, Tabs } from '../../ui/Tabs.tsx';
import { t } from '../../words.ts';
import { ApprovalCard } from './ApprovalCard.tsx';
import { Graph } from './Graph.tsx';
import { PlanReview } from './PlanReview.tsx';
import { Review } from './Review.tsx';
import { Steps } from './Steps.tsx';
import { Stream } from './Stream.tsx';
import { Summary } from './Summary.tsx';
import { TaskHeader } from './TaskHeader.tsx';

interface TaskDetailProps {
  /** An id or a number. */
  readonly taskRef: string;
  /** The view of it that the address names; empty for the one that is most likely wanted. */
  readonly view: string;
  readonly onLeave: () => void;
}

/** One task whole: what it says now, what it changed, how it came there, and everything that can be done about it. */
export default function TaskDetail({ taskRef, view, onLeave }: TaskDetailProps) {
  const { tasks } = useHub();
  const source = useMemo(
    () => ({
      load: async (client: ReturnType<typeof useHub>['client']) => {
        const { task } = await client.request('task/show', { taskId: taskRef });
        tasks.put(task);
        return task;
      },
    }),
    [taskRef, tasks],
  );
  const { value, error, reload } = useLive(source);
  const known = useTask(value?.id ?? taskRef);
  const task = known ?? value;
  if (task !== undefined) return <Shown key={task.id} {...{ task, view, onLeave }} />;
  const actions = (
    <>
      <Button onPress={reload}>{t('Try again')}</Button>
      <Button onPress={onLeave}>{t('All tasks')}</Button>
    </>
  );
  if (error !== undefined) return <Problem error={error} actions={actions} />;
  return (
    <div className="p-4">
      <Spinner label={t('The task is being loaded')} />
    </div>
  );
}

type View = 'stream' | 'changes' | 'plan' | 'steps' | 'graph' | 'facts';

interface ShownProps {
  readonly task: Task;
  readonly view: string;
  readonly onLeave: () => void;
}

function Shown({ task, view, onLeave }: ShownProps) {
  const { place } = useHub();
  const views = viewsOf(task);
  // What was most likely wanted when it was opened: it does not change under the person's eyes.
  const [first] = useState<View>(() => usual(task));
  const current = views.find(({ name }) => name === view)?.name ?? views.find(({ name }) => name === first)?.name;
  useEffect(() => {
    if (view !== '' && !views.some(({ name }) => name === view)) place.go(`tasks/${task.number}`);
  }, [view, views, place, task.number]);
  return (
    <>
      <TaskHeader task={task} onLeave={onLeave} />
      {task.approval === null ? null : <ApprovalCard key={task.approval} approvalId={task.approval} />}
      <Tabs
        label={t('Views of task {0}', task.number)}
        tabs={views}
        current={current ?? 'stream'}
        onChange={(name) => place.go(`tasks/${task.number}/${name}`)}
      >
        <View task={task} view={current ?? 'stream'} />
      </Tabs>
    </>
  );
}

function View({ task, view }: { readonly task: Task; readonly view: View }) {
  switch (view) {
    case 'stream':
      return <Stream taskId={task.id} />;
    case 'changes':
      return <Review task={task} />;
    case 'plan':
      return <PlanReview task={task} />;
    case 'steps':
      return <Steps task={task} />;
    case 'graph':
      return <Graph task={task} />;
    case 'facts':
      return <Summary task={task} />;
  }
}

function viewsOf(task: Task): Tab<View>[] {
  const isPlan = task.kind === 'plan' && task.status === 'done';
  return [
    { name: 'stream', title: t('Stream') },
    ...(task.proposal === null ? [] : [{ name: 'changes' as const, title: t('Changes') }]),
    ...(isPlan ? [{ name: 'plan' as const, title: t('Plan') }] : []),
    { name: 'steps', title: t('Steps') },
    { name: 'graph', title: t('Graph'), ...(task.children.total === 0 ? {} : { count: task.children.total }) },
    { name: 'facts', title: t('Facts') },
  ];
}

const usual = (task: Task): View => {
  if (task.status === 'done' && task.proposal === 'open') return 'changes';
  return hasOpenPlan(task) ? 'plan' : 'stream';
};
