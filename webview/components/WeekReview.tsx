import { dayAt, weekOf } from '../../protocol/days.ts';
import { useMinute } from '../stores/clock.ts';
import { t } from '../words.ts';
import { Suggestions } from './Suggestions.tsx';

/** What this week was like, from the event log; it can be kept as a note. */
export function WeekReview() {
  const week = weekOf(dayAt(useMinute()));
  return (
    <section aria-label={t('Review of the week')} className="flex flex-col gap-2">
      <p className="text-muted">
        {t(
          'What was done, what failed and what is left this week, from {0} on. The figures are counted, not guessed.',
          week,
        )}
      </p>
      <Suggestions of={{ week }} abouts={['review']} />
    </section>
  );
}
