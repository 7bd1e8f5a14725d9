import { useState } from 'react';
import type { Item } from '../../../protocol/items.ts';
import type { TaskKind } from '../../../protocol/tasks.ts';
import { TaskStatus, taskStatusWord } from '../../components/TaskStatus.tsx';
import { useHub } from '../../stores/hub.ts';
import { Button } from '../../ui/Button.tsx';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { TextArea } from '../../ui/TextArea.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';

/** The tasks that were started for an item, as they are now, and a way to start another. */
export function ItemTasks({ item }: { readonly item: Item }) {
  const { place } = useHub();
  const [isAsking, setAsking] = useState(false);
  return (
    <section aria-label={t('Tasks')} className="flex flex-col gap-1.5">
      <h3 className="font-semibold">{t('Tasks')}</h3>
      {item.tasks.length === 0 && item.scheduleId === null ? (
        <p className="text-muted">
          {t('A task does it for you: when its proposal is accepted, or its answer is there, the item is done.')}
        </p>
      ) : null}
      <ul className="flex flex-col" aria-live="polite">
        {item.scheduleId === null ? null : (
          <li>
            <button type="button" className="text-link hover:underline" onClick={() => place.go('schedules')}>
              {t('A schedule starts one when the machine is idle.')}
            </button>
          </li>
        )}
        {item.tasks.map((task) => (
          <li key={task.id}>
            <button
              type="button"
              className="flex w-full items-center gap-2 py-0.5 text-left hover:bg-hover"
              onClick={() => place.go(`tasks/${task.number}`)}
            >
              <TaskStatus task={{ ...task, approval: null }} />
              <span className="tabular-nums">{t('Task {0}', task.number)}</span>
              <span className="text-muted">{taskStatusWord({ ...task, approval: null })}</span>
            </button>
          </li>
        ))}
      </ul>
      {isAsking ? (
        <StartTask item={item} onEnd={() => setAsking(false)} />
      ) : (
        <div>
          <Button disabled={item.doneAt !== null} onPress={() => setAsking(true)}>
            {t('Start a task…')}
          </Button>
        </div>
      )}
    </section>
  );
}

const kinds: readonly { value: TaskKind; text: () => string }[] = [
  { value: 'agent', text: () => t('changes files') },
  { value: 'ask', text: () => t('answers') },
  { value: 'plan', text: () => t('makes a plan') },
];

function StartTask({ item, onEnd }: { readonly item: Item; readonly onEnd: () => void }) {
  const { items } = useHub();
  const { announce } = usePlan();
  const [kind, setKind] = useState<TaskKind>('agent');
  const [instruction, setInstruction] = useState(item.title);
  const start = async () => {
    onEnd();
    if (await items.start({ itemId: item.id, kind, instruction }))
      announce(t('A task was started for “{0}”', item.title));
  };
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        label={t('What to do')}
        value={instruction}
        onChange={setInstruction}
        onSubmit={() => void start()}
        rows={4}
      />
      <Dropdown
        label={t('The task')}
        value={kind}
        options={kinds.map(({ value, text }) => ({ value, text: text() }))}
        onChange={setKind}
      />
      <div className="flex gap-2">
        <Button look="primary" disabled={instruction.trim() === ''} onPress={() => void start()}>
          {t('Start')}
        </Button>
        <Button onPress={onEnd}>{t('Cancel')}</Button>
      </div>
    </div>
  );
}
