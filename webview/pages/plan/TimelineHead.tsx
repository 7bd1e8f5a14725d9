import { addDays, type Day } from '../../../protocol/days.ts';
import { CapacityBar } from './CapacityBar.tsx';
import { usePlan } from './planContext.ts';
import { dateOnly, shortDay, weekdayAndDate } from './planWords.ts';
import type { TimeScale } from './timeScale.ts';
import { useWeeks, weekFor } from './weeks.ts';

/** How wide the titles are beside the days. */
export const TITLES = 'w-32 narrow:w-48 wide:w-64 shrink-0';

/** Weeks with their capacity, and days where there is room for them. */
export function TimelineHead({ scale: { from, days } }: { readonly scale: TimeScale }) {
  const { today } = usePlan();
  const { value } = useWeeks();
  const weeks = Array.from({ length: days / 7 }, (_, index) => addDays(from, index * 7));
  return (
    <div aria-hidden="true" className="flex shrink-0 overflow-hidden border-edge border-b [scrollbar-gutter:stable]">
      <div className={TITLES} />
      <div className="flex min-w-0 flex-1">
        {weeks.map((week) => {
          const known = weekFor(value, week);
          return (
            <div key={week} className="min-w-0 flex-1 border-edge border-l px-1 pb-0.5">
              <div
                className={`h-5 whitespace-nowrap text-muted text-small ${days > 35 && !isFirstOfMonth(week) ? 'invisible wide:visible' : ''}`}
              >
                {days > 7 ? shortDay(week, today) : null}
              </div>
              {days > 35 ? null : <Days from={week} short={days > 7} today={today} />}
              {known === undefined ? null : <CapacityBar week={known} isTight={days > 35} />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Days({ from, short, today }: { readonly from: Day; readonly short: boolean; readonly today: Day }) {
  const days = Array.from({ length: 7 }, (_, index) => addDays(from, index));
  return (
    <div className={short ? 'hidden wide:flex' : 'flex'}>
      {days.map((day) => (
        <span
          key={day}
          className={`min-w-0 flex-1 overflow-hidden text-center text-small tabular-nums ${day === today ? 'font-semibold text-link' : 'text-muted'}`}
        >
          {short ? dateOnly(day) : weekdayAndDate(day)}
        </span>
      ))}
    </div>
  );
}

/** Whether the month begins in this week, or began since the last one. */
const isFirstOfMonth = (week: Day): boolean => Number(week.slice(8)) <= 7;
