import { formatTime } from '../../protocol/quantities.ts';
import { useMinute } from '../stores/clock.ts';
import { spokenLocale } from '../words.ts';
import { relativeTime } from './relativeTime.ts';

/** A time as its distance from now; the whole date is shown when the pointer rests on it. `at` is Unix milliseconds. */
export function RelativeTime({ at }: { readonly at: number }) {
  const now = useMinute();
  const date = new Date(at);
  return (
    <time dateTime={date.toISOString()} title={formatTime(at)} className="whitespace-nowrap text-muted">
      {relativeTime(at, now, spokenLocale())}
    </time>
  );
}
