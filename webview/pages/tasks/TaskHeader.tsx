import { memo, useState } from 'react';
import { OspainError } from '../../../protocol/errors.ts';
import { INTERACTIVE } from '../../../protocol/interactive.ts';
import { oneLine } from '../../../protocol/quantities.ts';
import { canPause, canResume, canRetry, isEnded } from '../../../protocol/taskList.ts';
import type { Task } from '../../../protocol/tasks.ts';
import { Confirm } from '../../components/Confirm.tsx';
import { Problem } from '../../components/Problem.tsx';
import { TaskStatus } from '../../components/TaskStatus.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { IconButton } from '../../ui/IconButton.tsx';
import { t } from '../../words.ts';
import { stateWords } from './stateWords.ts';

/** What the task is, how it stands, and what can be done with it as a whole. */
export function TaskHeader({ task, onLeave }: { readonly task: Task; readonly onLeave: () => void }) {
  return (
    <header className="flex shrink-0 flex-col gap-2 border-edge border-b px-4 py-2">
      <div className="flex items-start gap-2">
        <span className="pt-1">
          <TaskStatus task={task} />
        </span>
        <h2 className="min-w-0 flex-1 font-semibold text-large">
          <span className="text-muted">{task.number}</span> {oneLine(task.instruction, 240)}
        </h2>
        <IconButton icon="close" label={t('Close the task')} onPress={onLeave} />
      </div>
      <p aria-live="polite" className="text-muted">
        {stateWords(task)}
      </p>
      {task.error === null ? null : <Problem error={OspainError.fromWire(task.error)} />}
      <Actions task={task} />
    </header>
  );
}

/** A task that works changes many times a second, and what can be done with it seldom. */
const Actions = memo(AllActions, ({ task: one }, { task: other }) =>
  (['id', 'status', 'approval', 'priority'] as const).every((name) => one[name] === other[name]),
);

function AllActions({ task }: { readonly task: Task }) {
  const { client, tasks, place, home } = useHub();
  const { running, error, run } = useAction();
  const [asks, setAsks] = useState(false);
  const { id: taskId } = task;
  const change = (name: string, work: () => Promise<{ task: Task }>) =>
    void run(name, async () => tasks.put((await work()).task));
  const duplicate = () =>
    void run('duplicate', async () => {
      const { task: copy } = await client.request('task/duplicate', { taskId });
      tasks.put(copy);
      place.go(`tasks/${copy.number}`);
    });
  const cancel = () => {
    setAsks(false);
    change('cancel', () => client.request('task/cancel', { taskId }));
  };
  const button = (name: string, text: string, onPress: () => void) => (
    <Button key={name} onPress={onPress} disabled={running !== undefined}>
      {text}
    </Button>
  );
  const { run: command } = home;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        {canRetry(task)
          ? button('retry', t('Retry'), () => change('retry', () => client.request('task/retry', { taskId })))
          : null}
        {canPause(task)
          ? button('pause', t('Pause'), () => change('pause', () => client.request('task/pause', { taskId })))
          : null}
        {canResume(task) && task.approval === null
          ? button('resume', t('Resume'), () => change('resume', () => client.request('task/resume', { taskId })))
          : null}
        {isEnded(task) ? null : button('cancel', t('Cancel task'), () => setAsks(true))}
        {button('duplicate', t('Duplicate'), duplicate)}
        {command === undefined
          ? null
          : button('open', t('Open in the editor'), () => command('ospain2.task.open', taskId))}
        {isEnded(task) ? null : (
          <Priority
            task={task}
            onChange={(priority) => change('prioritize', () => client.request('task/prioritize', { taskId, priority }))}
          />
        )}
      </div>
      {asks ? (
        <Confirm
          question={t('Cancel task {0}?', task.number)}
          yes={t('Cancel task')}
          onYes={cancel}
          onNo={() => setAsks(false)}
        >
          <p>{t('What it has done so far stays in its log, and it may be retried.')}</p>
        </Confirm>
      ) : null}
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}

/** Between those that people choose from, a program may have given any other. */
function Priority({ task, onChange }: { readonly task: Task; readonly onChange: (priority: number) => void }) {
  const usual = [
    { value: '0', text: t('In turn') },
    { value: '100', text: t('Next') },
    { value: String(INTERACTIVE), text: t('Now') },
  ];
  const value = String(task.priority);
  const own = usual.some((option) => option.value === value) ? [] : [{ value, text: t('Priority {0}', task.priority) }];
  return (
    <Dropdown
      label={t('When it starts')}
      hideLabel
      value={value}
      options={[...usual, ...own]}
      onChange={(chosen) => onChange(Number(chosen))}
    />
  );
}
