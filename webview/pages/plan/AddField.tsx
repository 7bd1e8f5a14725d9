import { useState } from 'react';
import type { Horizon } from '../../../protocol/items.ts';
import { useHub } from '../../stores/hub.ts';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';
import { horizonTitle } from './planWords.ts';
import { readQuickAdd } from './quickAdd.ts';

/** One line that becomes an item of a horizon. */
export function AddField({ horizon }: { readonly horizon: Horizon }) {
  const { items } = useHub();
  const { today, announce } = usePlan();
  const [line, setLine] = useState('');
  const add = async () => {
    const { title, ...details } = readQuickAdd(line, today);
    if (title === '') return;
    setLine('');
    const item = await items.add({ title, horizon, ...details });
    // What was refused is not lost.
    if (item === undefined) setLine(line);
    else announce(t('“{0}” was added to {1}', item.title, horizonTitle[horizon]()));
  };
  return (
    <input
      type="text"
      aria-label={t('Add to {0}', horizonTitle[horizon]())}
      placeholder={t('Add ~2h @tomorrow #tag')}
      value={line}
      maxLength={500}
      onChange={({ target }) => setLine(target.value)}
      onKeyDown={({ key, nativeEvent }) => {
        if (key === 'Enter' && !nativeEvent.isComposing) void add();
        if (key === 'Escape') setLine('');
      }}
      className="h-7 w-full min-w-0 border border-field-edge bg-field px-2 text-field-ink outline-none focus:border-focus"
    />
  );
}
