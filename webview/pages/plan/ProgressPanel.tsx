import { useMemo, useState } from 'react';
import { addDays, dayNumber, dayText } from '../../../protocol/days.ts';
import type { ProgressDay } from '../../../protocol/horizons.ts';
import { minutesText } from '../../../protocol/minutes.ts';
import { Chart } from '../../components/Chart.tsx';
import { LiveView } from '../../components/LiveView.tsx';
import { WeekReview } from '../../components/WeekReview.tsx';
import { useHub, useItems } from '../../stores/hub.ts';
import { useLive } from '../../stores/live.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { t } from '../../words.ts';
import { usePlan } from './planContext.ts';
import { shortDay } from './planWords.ts';

const spans = { '14': () => t('two weeks'), '42': () => t('six weeks'), '182': () => t('half a year') } as const;
type Span = keyof typeof spans;
type Unit = 'items' | 'minutes';

/** What was planned and what was done, day by day, as it was recorded then. */
export function ProgressPanel() {
  const { client } = useHub();
  const { today } = usePlan();
  const [span, setSpan] = useState<Span>('42');
  const [unit, setUnit] = useState<Unit>('items');
  const version = useItems((state) => state.version);
  const source = useMemo(
    () => ({
      load: async () =>
        (await client.request('horizon/progress', { from: addDays(today, 1 - Number(span)), to: today })).days,
    }),
    [client, today, span],
  );
  const live = useLive(source, String(version));
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <Dropdown
          label={t('The last')}
          value={span}
          options={(Object.keys(spans) as Span[]).map((value) => ({ value, text: spans[value]() }))}
          onChange={setSpan}
        />
        <Dropdown
          label={t('Counted in')}
          value={unit}
          options={[
            { value: 'items', text: t('items') },
            { value: 'minutes', text: t('estimated time') },
          ]}
          onChange={setUnit}
        />
      </div>
      <LiveView live={live} loading={t('Progress is being loaded')}>
        {(days) => <Charts days={days} unit={unit} />}
      </LiveView>
      <WeekReview />
    </>
  );
}

function Charts({ days, unit }: { readonly days: readonly ProgressDay[]; readonly unit: Unit }) {
  const { today } = usePlan();
  const isTime = unit === 'minutes';
  const format = (value: number) =>
    isTime ? minutesText(Math.round(Math.max(0, value))) : Number.isInteger(value) ? String(value) : '';
  // As noon in UTC, so that no zone makes another day of it.
  const formatTime = (at: number) => shortDay(dayText(Math.floor(at / DAY_MS)), today);
  const { burnUp, throughput } = useMemo(() => {
    const times = days.map(({ day }) => (dayNumber(day) + 0.5) * DAY_MS);
    const values = (name: keyof ProgressDay) => days.map((day) => Number(day[name]));
    return {
      burnUp: {
        times,
        lines: [
          { name: t('planned'), values: values(isTime ? 'plannedMinutes' : 'planned') },
          { name: t('done'), values: values(isTime ? 'doneMinutes' : 'done') },
        ],
      },
      throughput: {
        times,
        lines: [{ name: t('done on the day'), values: values(isTime ? 'finishedMinutes' : 'finished') }],
      },
    };
  }, [days, isTime]);
  return (
    <>
      <Chart
        key={`up ${unit}`}
        title={t('Done of what is planned')}
        data={burnUp}
        format={format}
        formatTime={formatTime}
      />
      <Chart key={`day ${unit}`} title={t('Done each day')} data={throughput} format={format} formatTime={formatTime} />
    </>
  );
}

const DAY_MS = 86_400_000;
