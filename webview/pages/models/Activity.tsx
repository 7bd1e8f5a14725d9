import { useMemo, useState } from 'react';
import { formatBytes, formatDecimal, formatTime } from '../../../protocol/quantities.ts';
import { Chart } from '../../components/Chart.tsx';
import { Section } from '../../components/Section.tsx';
import { useReadings } from '../../stores/readings.ts';
import { Dropdown } from '../../ui/Dropdown.tsx';
import { t } from '../../words.ts';
import { readingLines } from './readingLines.ts';

const MINUTE = 60_000;
const ranges = ['15', '60', '120'] as const;

/** Tokens a second and memory over time, as the server measured them. */
export function Activity() {
  const state = useReadings();
  const [range, setRange] = useState<(typeof ranges)[number]>('15');
  const lastMs = Number(range) * MINUTE;
  const rates = useMemo(() => readingLines(state, 'rate', lastMs), [state, lastMs]);
  const memory = useMemo(() => readingLines(state, 'memory', lastMs), [state, lastMs]);
  const options = ranges.map((value) => ({
    value,
    text: value === '15' ? t('the last 15 minutes') : value === '60' ? t('the last hour') : t('the last two hours'),
  }));
  return (
    <Section
      title={t('At work')}
      actions={<Dropdown label={t('Time shown')} hideLabel value={range} options={options} onChange={setRange} />}
    >
      {rates.lines.length === 0 ? (
        <p className="text-muted">
          {t('No model was in memory. Tokens a second and memory are drawn here as soon as one works.')}
        </p>
      ) : (
        <div className="grid grid-cols-1 gap-x-6 gap-y-4 wide:grid-cols-2">
          <Chart
            title={t('Tokens a second, all answers together')}
            data={rates}
            format={rateText}
            formatTime={timeText}
          />
          <Chart title={t('Memory')} data={memory} format={formatBytes} formatTime={timeText} />
        </div>
      )}
    </Section>
  );
}

const rateText = (rate: number): string => formatDecimal(rate, rate >= 100 ? 0 : 1);

const timeText = (at: number): string => formatTime(at, { hour: '2-digit', minute: '2-digit' });
