import { useEffect, useState } from 'react';
import { Dropdown, type Option } from '../../ui/Dropdown.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { t } from '../../words.ts';
import { kindWord, taskKinds } from './kindWords.ts';
import type { TaskFilter } from './taskFilter.ts';

/** Milliseconds after the last key before tasks are looked for. */
const PAUSE = 200;

/** What is to be shown of the tasks. */
export function FilterBar(props: { readonly filter: TaskFilter; readonly onChange: (filter: TaskFilter) => void }) {
  const { filter, onChange } = props;
  const [text, setText] = useState(filter.text);
  useEffect(() => {
    if (text === filter.text) return;
    const timer = setTimeout(() => onChange({ ...filter, text }), PAUSE);
    return () => clearTimeout(timer);
  }, [text, filter, onChange]);
  const shows: readonly Option<TaskFilter['show']>[] = [
    { value: 'all', text: t('All tasks') },
    { value: 'forPerson', text: t('Waits for you') },
    { value: 'active', text: t('Under way') },
    { value: 'done', text: t('Done') },
    { value: 'failed', text: t('Failed') },
    { value: 'cancelled', text: t('Cancelled') },
  ];
  const kinds: readonly Option<TaskFilter['kind']>[] = [
    { value: 'any', text: t('Any kind') },
    ...taskKinds.map((kind) => ({ value: kind, text: kindWord(kind) })),
  ];
  return (
    <search className="flex shrink-0 flex-wrap items-end gap-2 border-edge border-b px-4 py-2">
      <div className="min-w-64 flex-1">
        <TextField
          label={t('Look for tasks')}
          hideLabel
          placeholder={t('Look for tasks')}
          value={text}
          maxLength={200}
          onChange={setText}
        />
      </div>
      <Dropdown
        label={t('Show')}
        hideLabel
        value={filter.show}
        options={shows}
        onChange={(show) => onChange({ ...filter, show })}
      />
      <Dropdown
        label={t('Kind')}
        hideLabel
        value={filter.kind}
        options={kinds}
        onChange={(kind) => onChange({ ...filter, kind })}
      />
    </search>
  );
}
