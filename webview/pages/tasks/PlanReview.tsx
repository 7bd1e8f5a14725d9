import { useMemo, useState } from 'react';
import type { Plan, PlanPart } from '../../../protocol/plans.ts';
import type { AutoAccept, Task } from '../../../protocol/tasks.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { type LiveSource, useLive } from '../../stores/live.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { plural, t } from '../../words.ts';
import { PlanPartEditor } from './PlanPartEditor.tsx';
import { withAfter, withMoved, withoutPart, withPart, withText } from './planParts.ts';

/** The parts of a plan: to be changed while it is open, and started. */
export function PlanReview({ task }: { readonly task: Task }) {
  const taskId = task.id;
  const source = useMemo(
    (): LiveSource<Plan> => ({ load: async (client) => (await client.request('plan/show', { taskId })).plan }),
    [taskId],
  );
  const live = useLive(source);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <LiveView live={live} loading={t('The plan is being loaded')}>
        {(plan) =>
          plan.status === 'open' ? (
            <OpenPlan key={plan.updatedAt} plan={plan} onChange={live.reload} />
          ) : (
            <StartedPlan plan={plan} />
          )
        }
      </LiveView>
    </div>
  );
}

function StartedPlan({ plan }: { readonly plan: Plan }) {
  return (
    <div className="flex max-w-4xl flex-col gap-2">
      <p className="text-muted">{t('It was started: its parts are tasks now, and the graph shows them.')}</p>
      <ol className="list-decimal pl-6">
        {plan.parts.map(({ instruction, after }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan that was started does not change
          <li key={index} className="whitespace-pre-wrap">
            {instruction}
            {after.length === 0 ? '' : ` (${t('after {0}', after.join(', '))})`}
          </li>
        ))}
      </ol>
    </div>
  );
}

function OpenPlan({ plan, onChange }: { readonly plan: Plan; readonly onChange: () => void }) {
  const { client, place } = useHub();
  const { running, error, run } = useAction();
  const [parts, setParts] = useState<readonly PlanPart[]>(plan.parts);
  const [autoAccept, setAutoAccept] = useState<AutoAccept>('none');
  const { taskId } = plan;
  const isChanged = JSON.stringify(parts) !== JSON.stringify(plan.parts);
  const isBusy = running !== undefined;
  const isEmpty = parts.length === 0 || parts.some(({ instruction }) => instruction.trim() === '');
  const edit = () => client.request('plan/edit', { taskId, parts: [...parts] });
  const save = () => void run('save', edit).then((went) => went && onChange());
  const start = () =>
    void run('start', async () => {
      if (isChanged) await edit();
      await client.request('plan/start', { taskId, autoAccept });
    }).then((went) => {
      onChange();
      if (went) place.go(`tasks/${taskId}/graph`);
    });
  return (
    <div className="flex max-w-4xl flex-col gap-3">
      <p className="text-muted">{t('Change, add, remove and move its parts, and start it. Each becomes a task.')}</p>
      <ol className="flex flex-col gap-2">
        {parts.map((part, index) => (
          <PlanPartEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: parts are known by their places
            key={index}
            {...{ part, index }}
            count={parts.length}
            warnings={isChanged ? [] : plan.warnings.filter((one) => one.part === index + 1).map(({ text }) => text)}
            onText={(text) => setParts(withText(parts, index, text))}
            onAfter={(at) => setParts(withAfter(parts, index, at))}
            onMove={(by) => setParts(withMoved(parts, index, by))}
            onRemove={() => setParts(withoutPart(parts, index))}
          />
        ))}
      </ol>
      <div>
        <Button onPress={() => setParts(withPart(parts, ''))}>{t('Add a part')}</Button>
      </div>
      <div className="flex flex-wrap items-end gap-2">
        <Dropdown
          label={t('When a part is done')}
          value={autoAccept}
          options={[
            { value: 'none', text: t('Review it') },
            { value: 'edits', text: t('Write its changes at once') },
          ]}
          onChange={setAutoAccept}
        />
        <Button look="primary" disabled={isBusy || isEmpty} onPress={start}>
          {plural('Start {0} task|Start {0} tasks', parts.length)}
        </Button>
        <Button disabled={isBusy || isEmpty || !isChanged} onPress={save}>
          {t('Save the plan')}
        </Button>
      </div>
      {error === undefined ? null : <Problem error={error} />}
    </div>
  );
}
