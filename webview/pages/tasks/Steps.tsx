import { useMemo } from 'react';
import { canRetry } from '../../../protocol/taskList.ts';
import type { Step, Task } from '../../../protocol/tasks.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { t } from '../../words.ts';

const STEP_ENDS = ['turn', 'result', 'approval', 'proposal', 'started'];

/** The durable steps of the latest run: a retry keeps those before the one that it begins with. */
export function Steps({ task }: { readonly task: Task }) {
  const taskId = task.id;
  const source = useMemo((): LiveSource<readonly Step[]> => {
    const load: LiveSource<readonly Step[]>['load'] = async (client) =>
      (await client.request('task/steps', { taskId })).steps;
    return {
      load,
      follow: (client, change) =>
        client.on('task/didEvent', ({ event }) => {
          if (event.taskId !== taskId || !STEP_ENDS.includes(event.type)) return;
          // A step has a number and a summary of the server's own making.
          void load(client).then(
            (steps) => change(() => steps),
            () => {},
          );
        }),
    };
  }, [taskId]);
  const live = useLive(source);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <LiveView live={live} loading={t('The steps are being loaded')}>
        {(steps) => <StepList {...{ task, steps }} />}
      </LiveView>
    </div>
  );
}

function StepList({ task, steps }: { readonly task: Task; readonly steps: readonly Step[] }) {
  const { client, tasks } = useHub();
  const { running, error, run } = useAction();
  const retry = (fromStep: number) =>
    void run('retry', async () => tasks.put((await client.request('task/retry', { taskId: task.id, fromStep })).task));
  if (steps.length === 0)
    return (
      <EmptyState icon="tasks" title={t('No step is finished yet')}>
        {t(
          'A step is a turn of the model, a call with its result, an answer of yours or a proposal. Each is kept: a task that is interrupted goes on behind its last one.',
        )}
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-3 p-4">
      <p className="text-muted">{t('Attempt {0} of {1}', Math.max(1, task.attempts), task.maxAttempts)}</p>
      <ol className="max-w-4xl divide-y divide-edge border-edge border-y">
        {steps.map(({ step, kind, summary, at }) => (
          <li key={step} className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 py-1">
            <span className="w-8 text-right text-muted tabular-nums">{step}</span>
            <span className="w-20 text-muted">{kindWords[kind]()}</span>
            <span className="min-w-48 flex-1 break-words">{summary}</span>
            <RelativeTime at={at} />
            {canRetry(task) ? (
              <Button disabled={running !== undefined} onPress={() => retry(step)}>
                {step === 1 ? t('Retry from the beginning') : t('Retry from step {0}', step)}
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
      {canRetry(task) ? (
        <div>
          <Button disabled={running !== undefined} onPress={() => retry(steps.length + 1)}>
            {t('Retry behind the last step')}
          </Button>
        </div>
      ) : null}
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}

const kindWords: Readonly<Record<Step['kind'], () => string>> = {
  turn: () => t('turn'),
  call: () => t('call'),
  approval: () => t('answer'),
  proposal: () => t('proposal'),
};
