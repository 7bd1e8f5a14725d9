import { useMemo } from 'react';
import type { Day } from '../../../protocol/days.ts';
import type { Item } from '../../../protocol/items.ts';
import { minutesText } from '../../../protocol/minutes.ts';
import { VirtualList } from '../../components/VirtualList.tsx';
import { useHub, useItems } from '../../stores/hub.ts';
import { t } from '../../words.ts';
import { AddField } from './AddField.tsx';
import { CapacityBar } from './CapacityBar.tsx';
import { ITEM_HEIGHT, ItemRow } from './ItemRow.tsx';
import { usePlan } from './planContext.ts';
import { longDay } from './planWords.ts';
import { useWeeks, weekFor } from './weeks.ts';

/** What this day is about: what is overdue or due, what is under way, and what is for now. */
export function TodayView() {
  const { items } = useHub();
  const { today } = usePlan();
  const version = useItems((state) => state.version);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the map is always the same one; its version tells of changes
  const shown = useMemo(() => itemsOfDay([...items.getState().items.values()], today), [items, version, today]);
  const open = shown.filter(({ doneAt }) => doneAt === null);
  const minutes = open.reduce((sum, { estimate }) => sum + (estimate ?? 0), 0);
  const week = weekFor(useWeeks().value, today);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex shrink-0 flex-wrap items-end gap-x-6 gap-y-2 px-4 py-2">
        <div className="flex flex-col">
          <h2 className="font-semibold">{longDay(today)}</h2>
          <span className="text-muted">
            {open.length === 0
              ? t('Nothing is left for today.')
              : t('{0} left, {1} estimated', open.length, minutesText(minutes))}
          </span>
        </div>
        {week === undefined ? null : (
          <div className="w-48">
            <span className="text-small">{t('this week')}</span>
            <CapacityBar week={week} />
          </div>
        )}
        <div className="w-full narrow:ml-auto narrow:w-72">
          <AddField horizon="now" />
        </div>
      </div>
      {shown.length === 0 ? null : (
        <VirtualList
          label={longDay(today)}
          count={shown.length}
          rowHeight={ITEM_HEIGHT}
          keyOf={(index) => shown[index]?.id ?? ''}
          row={(index, focus) => {
            const item = shown[index];
            return item === undefined ? null : <ItemRow item={item} isStop={focus.tabIndex === 0} row={index} />;
          }}
        />
      )}
    </div>
  );
}

/** Overdue first, then due today, under way, for now; what was done today stands last. */
function itemsOfDay(items: readonly Item[], today: Day): Item[] {
  const rank = ({ doneOn, due, start, horizon }: Item): number | undefined => {
    if (doneOn !== null) return doneOn === today ? 4 : undefined;
    if (due !== null && due < today) return 0;
    if (due === today) return 1;
    if (start !== null && start <= today && horizon !== 'someday') return 2;
    return horizon === 'now' ? 3 : undefined;
  };
  return items
    .flatMap((item) => {
      const at = rank(item);
      return at === undefined ? [] : [{ item, at }];
    })
    .sort((one, other) => one.at - other.at || (one.item.place < other.item.place ? -1 : 1))
    .map(({ item }) => item);
}
