import { t } from '../../words.ts';
import { CapacityBar } from './CapacityBar.tsx';
import { usePlan } from './planContext.ts';
import { shortDay } from './planWords.ts';
import { useWeeks } from './weeks.ts';

/** The next weeks below the horizons: how full each is. */
export function WeekStrip() {
  const { today, show } = usePlan();
  const { value } = useWeeks();
  if (value === undefined) return null;
  return (
    <button
      type="button"
      onClick={() => show({ name: 'weeks' })}
      className="flex shrink-0 gap-3 overflow-hidden border-edge border-t px-3 py-1.5 text-left hover:bg-hover"
    >
      <span className="sr-only">{t('Capacity of the weeks')}</span>
      {value.weeks.slice(0, 8).map((week, index) => (
        <span
          key={week.week}
          className={`min-w-0 flex-1 flex-col ${index < 2 ? 'flex' : index < 4 ? 'hidden narrow:flex' : 'hidden wide:flex'}`}
        >
          <span className="truncate text-small">{index === 0 ? t('this week') : shortDay(week.week, today)}</span>
          <CapacityBar week={week} />
        </span>
      ))}
    </button>
  );
}
