import { useMinute } from '../stores/clock.ts';
import { spokenLocale } from '../words.ts';
import { relativeTime, wholeTime } from './relativeTime.ts';

/** A time as its distance from now; the whole date is shown when the pointer rests on it. `at` is Unix milliseconds. */
export function RelativeTime({ at }: { readonly at: number }) {
  const now = useMinute();
  const locale = spokenLocale();
  return (
    <time dateTime={new Date(at).toISOString()} title={wholeTime(at, locale)} className="whitespace-nowrap text-muted">
      {relativeTime(at, now, locale)}
    </time>
  );
}
