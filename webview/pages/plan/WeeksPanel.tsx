import { useState } from 'react';
import type { Day } from '../../../protocol/days.ts';
import { minutesText, readMinutes } from '../../../protocol/minutes.ts';
import { LiveView } from '../../components/LiveView.tsx';
import { Problem } from '../../components/Problem.tsx';
import { useAction } from '../../stores/action.ts';
import { useHub } from '../../stores/hub.ts';
import { t } from '../../words.ts';
import { CapacityBar } from './CapacityBar.tsx';
import { usePlan } from './planContext.ts';
import { itemCount, shortDay } from './planWords.ts';
import { lastDayOf, useWeeks, type Weeks } from './weeks.ts';

/** What is planned for each week, and how much time there is: of every week, or of one. */
export function WeeksPanel() {
  const { client } = useHub();
  const live = useWeeks();
  const action = useAction();
  const set = (minutes: number | null, week?: Day) =>
    void action
      .run('set', () => client.request('horizon/setCapacity', week === undefined ? { minutes } : { minutes, week }))
      .then(live.reload);
  return (
    <>
      {action.error === undefined ? null : <Problem error={action.error} />}
      <LiveView live={live} loading={t('The weeks are being loaded')}>
        {(weeks) => (
          <>
            <CapacityField label={t('Time in a week')} minutes={weeks.capacity} onSet={(minutes) => set(minutes)} />
            {weeks.undated.items === 0 ? null : (
              <p className="text-muted">
                {t(
                  'Of “next” and “later” without a date: {0}, {1}',
                  itemCount(weeks.undated.items),
                  minutesText(weeks.undated.planned),
                )}
              </p>
            )}
            <ul className="flex flex-col gap-3">
              {weeks.weeks.slice(0, 13).map((week) => (
                <OneWeek key={week.week} week={week} onSet={(minutes) => set(minutes, week.week)} />
              ))}
            </ul>
          </>
        )}
      </LiveView>
    </>
  );
}

interface OneWeekProps {
  readonly week: Weeks['weeks'][number];
  readonly onSet: (minutes: number | null) => void;
}

function OneWeek({ week, onSet }: OneWeekProps) {
  const { today } = usePlan();
  const span = `${shortDay(week.week, today)} – ${shortDay(lastDayOf(week.week), today)}`;
  return (
    <li className="flex items-end gap-3">
      <div className="min-w-0 flex-1">
        <span className="flex justify-between gap-2">
          <span className="truncate">{span}</span>
          <span className="whitespace-nowrap text-muted text-small">
            {week.unestimated === 0
              ? itemCount(week.items)
              : t('{0}, {1} not estimated', itemCount(week.items), week.unestimated)}
          </span>
        </span>
        <CapacityBar week={week} />
      </div>
      <CapacityField label={t('Time in the week {0}', span)} minutes={week.capacity} onSet={onSet} isSmall />
    </li>
  );
}

interface CapacityFieldProps {
  readonly label: string;
  readonly minutes: number;
  /** Null: as if nobody had said anything. */
  readonly onSet: (minutes: number | null) => void;
  readonly isSmall?: boolean;
}

/** Kept when it is left or Enter is pressed; empty makes it as it is without a word. */
function CapacityField({ label, minutes, onSet, isSmall = false }: CapacityFieldProps) {
  const [draft, setDraft] = useState<string>();
  const leave = () => {
    setDraft(undefined);
    if (draft === undefined || draft === minutesText(minutes)) return;
    if (draft.trim() === '') return onSet(null);
    const hours = /^\d+([.,]\d+)?$/.test(draft.trim()) ? `${draft.trim()}h` : draft;
    const read = draft.trim() === '0' ? 0 : readMinutes(hours);
    if (read !== undefined && read <= 10_080) onSet(read);
  };
  return (
    <label className="flex items-center gap-2">
      <span className={isSmall ? 'sr-only' : 'flex-1'}>{label}</span>
      <input
        type="text"
        value={draft ?? minutesText(minutes)}
        onChange={({ target }) => setDraft(target.value)}
        onBlur={leave}
        onKeyDown={({ key }) => key === 'Enter' && leave()}
        className="h-6 w-18 border border-field-edge bg-field px-1.5 text-right text-field-ink tabular-nums outline-none focus:border-focus"
      />
    </label>
  );
}
