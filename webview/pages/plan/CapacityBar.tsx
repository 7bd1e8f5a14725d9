import { spokenLocale, t } from '../../words.ts';
import type { Weeks } from './weeks.ts';

interface CapacityBarProps {
  readonly week: Pick<Weeks['weeks'][number], 'planned' | 'capacity'>;
  /** Whether it says its numbers only where there is much room. */
  readonly isTight?: boolean;
}

/** What is planned for a week, as a part of what there is time for; too much is drawn in another colour, and said. */
export function CapacityBar({ week, isTight = false }: CapacityBarProps) {
  const { planned, capacity } = week;
  const isTooMuch = planned > capacity;
  const part = capacity === 0 ? (planned > 0 ? 1 : 0) : Math.min(1, planned / capacity);
  return (
    <span className="flex min-w-0 flex-col gap-0.5">
      <span className="relative block h-1.5 overflow-hidden rounded-full border border-edge bg-side">
        <span
          className={`absolute inset-y-0 left-0 ${isTooMuch ? 'bg-danger' : 'bg-busy'}`}
          style={{ width: `${part * 100}%` }}
        />
      </span>
      <span
        className={`truncate text-small tabular-nums ${isTight ? 'hidden wide:block' : ''} ${isTooMuch ? 'font-semibold text-ink' : 'text-muted'}`}
      >
        {t('{0} of {1} h', hours(planned), hours(capacity))}
        {isTooMuch ? ` · ${t('too much')}` : ''}
      </span>
    </span>
  );
}

/** Minutes as hours, to a tenth. */
const hours = (minutes: number): string => (minutes / 60).toLocaleString(spokenLocale(), { maximumFractionDigits: 1 });
